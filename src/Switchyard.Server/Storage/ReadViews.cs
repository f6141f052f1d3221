namespace Switchyard.Server.Storage;

/// <summary>
/// What of each table a person sees who may not read every repository. A table that is not named here is empty for them, so that a new
/// one is hidden until somebody has said what of it they may see. The conditions are looked up by primary key, row by row: the plan of
/// a query stays what it is.
/// </summary>
internal static class ReadViews
{
    /// <summary>The name of what says who reads.</summary>
    public const string Reader = "reader";

    /// <summary>Holds nothing of a repository; contents are found by their hash, which only what may be read tells.</summary>
    private static readonly string[] Open = ["providers", "secrets", "contents", "orphaned_contents", "rule_generation", "migrations"];

    private const string OfRepository = "exists (select 1 from {{view}}.repositories r where r.id = t.repository_id)";
    private const string OfModel = "exists (select 1 from {{view}}.models m where m.id = t.model_id)";
    private const string OfGitHubRepository = "exists (select 1 from {{view}}.repositories r where r.provider_id = t.provider_id and r.github_id = t.github_repository_id)";
    private const string OfDelivery = "exists (select 1 from {{view}}.deliveries d where d.id = t.delivery_id)";
    private const string OfDispatch = "exists (select 1 from {{view}}.dispatches d where d.id = t.dispatch_id)";
    private const string OfRuleSource = "exists (select 1 from {{view}}.rule_sources s where s.id = t.source_id)";
    private const string OfRule = "exists (select 1 from {{view}}.rules u where u.id = t.rule_id)";
    private const string OfSignal = "exists (select 1 from {{view}}.signals s where s.id = t.signal_id)";

    /// <summary>
    /// Of Deliveries and Signals there are so many that the repositories are gathered once, not looked up for each. The plus keeps an
    /// index from being taken for it, which would not give the order of the list.
    /// </summary>
    private static readonly Dictionary<string, string> Conditions = new(StringComparer.Ordinal)
    {
        ["repositories"] =
            """
            t.private = 0 or exists (select 1 from {{table}}.readable_repositories x
              where x.user_id = {{reader}} and x.provider_id = t.provider_id and x.github_id = t.github_id and x.readable = 1)
            """,
        ["repository_reasons"] = OfRepository,
        ["repository_ignored"] = OfRepository,
        ["syncs"] = OfRepository,
        ["commits"] = OfRepository,
        ["models"] = OfRepository,
        ["versions"] = OfModel,
        ["removals"] = OfModel,
        ["installations"] = "exists (select 1 from {{view}}.repositories r where r.installation_id = t.id)",
        ["repository_hooks"] = "exists (select 1 from {{view}}.repositories r where r.provider_id = t.provider_id and lower(r.owner || '/' || r.name) = lower(t.name))",
        ["deliveries"] = "(+t.provider_id, t.repository_id) in (select r.provider_id, r.github_id from {{view}}.repositories r)",
        ["delivery_bodies"] = OfDelivery,
        ["delivery_attempts"] = OfDelivery,
        ["signals"] = "(+t.provider_id, t.github_repository_id) in (select r.provider_id, r.github_id from {{view}}.repositories r)",
        ["refs"] = OfGitHubRepository,
        ["check_subjects"] = OfGitHubRepository,
        ["rule_previews"] = OfGitHubRepository,
        ["reports"] = OfGitHubRepository,
        ["rule_sources"] = OfRepository,
        ["rules"] = OfRuleSource,
        ["rule_revisions"] = OfRuleSource,
        ["evaluations"] = $"{OfSignal} and {OfRule}",

        // One that waits for several sources tells of all of them, so all of them must be readable.
        ["pendings"] =
            $$$"""
            {{{OfSignal}}} and {{{OfRule}}} and not exists (select 1 from {{table}}.pending_sources o where o.pending_id = t.id
              and not exists (select 1 from {{view}}.repositories r where r.provider_id = t.provider_id and r.github_id = o.github_repository_id))
            """,
        ["pending_sources"] = "exists (select 1 from {{view}}.pendings q where q.id = t.pending_id)",

        // What is sent says where it is from and where it goes.
        ["dispatches"] =
            """
            exists (select 1 from {{view}}.pendings q where q.id = t.pending_id)
              and exists (select 1 from {{view}}.repositories r where r.provider_id = t.provider_id and r.github_id = t.target_github_id)
            """,
        ["dispatch_attempts"] = OfDispatch,
        ["dispatch_echoes"] = "exists (select 1 from {{view}}.dispatches d where d.token = t.token)",
        ["runs"] = OfDispatch,
    };

    /// <summary>What is wrong with rules may be what is in other files, or what the App has seen in other repositories.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["rule_revisions"] = "t.id, t.source_id, t.number, t.commit_sha, t.text, t.state, cast('[]' as text) as problems, cast(null as text) as target_problems, t.loaded_at, t.loaded_by",
    };

    /// <summary>The tables of which something is seen, and what nobody is kept from.</summary>
    public static IEnumerable<string> Named => Conditions.Keys.Concat(Open);

    /// <summary>A view for each table; <c>{{table}}</c> and <c>{{view}}</c> stand for where the tables and the views are, <c>{{reader}}</c> for who reads.</summary>
    public static IEnumerable<(string Name, string Select)> Of(IReadOnlyCollection<string> tables) =>

        // A view must be there before another one asks it: the order is that of the conditions.
        Conditions.Keys.Where(tables.Contains).Concat(tables.Where(table => !Conditions.ContainsKey(table)).Order(StringComparer.Ordinal))
            .Select(table => (table, $"select {Columns.GetValueOrDefault(table, "t.*")} from {{{{table}}}}.{table} t where {Condition(table)}"));

    private static string Condition(string table) => Conditions.GetValueOrDefault(table) ?? (Open.Contains(table) ? "1 = 1" : "1 = 0");
}
