using Switchyard.Rules;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>A rule in force.</summary>
internal sealed record BookRule(
    long Id, long ProviderId, long SourceId, string SourceName, long RevisionId, bool Enabled, Rule Rule, RuleFileScope Scope)
{
    /// <summary>What a Signal that is meant for this rule alone says of it.</summary>
    public string Key => KeyOf(Id);

    public static string KeyOf(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>All rules in force at one moment: parsed, indexed, swapped whole.</summary>
internal sealed class RulePages
{
    private readonly Dictionary<long, BookRule> byId;
    private readonly Dictionary<long, RuleIndex<BookRule>> byProvider;

    public RulePages(string edition, IReadOnlyList<BookRule> rules)
    {
        Edition = edition;
        byId = rules.ToDictionary(rule => rule.Id);
        byProvider = rules.GroupBy(rule => rule.ProviderId).ToDictionary(group => group.Key, group => new RuleIndex<BookRule>(group.Select(rule => KeyValuePair.Create(rule, rule.Rule))));
    }

    public string Edition { get; }

    public IReadOnlyCollection<BookRule> All => byId.Values;

    public BookRule? Find(long ruleId) => byId.GetValueOrDefault(ruleId);

    /// <summary>What is left of them for somebody who may not see all.</summary>
    public RulePages Only(Func<long, bool> isSeen) => new(Edition, [.. byId.Values.Where(rule => isSeen(rule.Id))]);

    /// <summary>The rules that a Signal of this kind may concern.</summary>
    public IReadOnlyList<KeyValuePair<BookRule, Rule>> Candidates(long providerId, string kind, string? source) =>
        byProvider.TryGetValue(providerId, out var index) ? index.Candidates(kind, source) : [];
}

/// <summary>
/// Keeps the rules in force in memory. Every use asks the database for the edition first, which is one row: so all nodes work by
/// the same rules as soon as they are stored.
/// </summary>
internal sealed class RuleBook(Database database) : IDisposable
{
    /// <summary>A repository that is no longer linked takes its rules with it.</summary>
    private const string EditionSql =
        """
        select (select generation from rule_generation where id = 1) || '/' ||
          (select count(*) from rule_sources s join repositories r on r.id = s.repository_id where r.linked = 0 or r.unlinked <> 0)
        """;

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile RulePages pages = new("", []);

    /// <summary>The rules as they were last opened; for what may be a little out of date.</summary>
    public RulePages Last => pages;

    /// <summary>The rules as they are stored now.</summary>
    public async Task<RulePages> OpenAsync(CancellationToken cancellation)
    {
        var opened = await OpenAllAsync(cancellation);
        return ReadLimit.UserId is null ? opened : opened.Only((await database.ReadAsync(session => session.QueryAsync<long>("select id from rules"), cancellation)).Contains);
    }

    private async Task<RulePages> OpenAllAsync(CancellationToken cancellation)
    {
        if (await database.ReadAllAsync(IsOpenAtAsync, cancellation))
        {
            return pages;
        }

        await reading.WaitAsync(cancellation);
        try
        {
            // The edition is read before the rules: what changes between is noticed by the next use.
            return pages = await database.ReadAllAsync(ReadAsync, cancellation);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>The rules as last opened; null where others are in force by now, as the caller's transaction sees it.</summary>
    public async Task<RulePages?> OpenAsync(DbSession session) => await IsOpenAtAsync(session) ? pages : null;

    public void Dispose() => reading.Dispose();

    /// <summary>Says, in the transaction that changes what is in force, that it has.</summary>
    public static Task ChangedAsync(DbSession session) => session.ExecuteAsync("update rule_generation set generation = generation + 1 where id = 1");

    private async Task<bool> IsOpenAtAsync(DbSession session) => await session.ScalarAsync<string>(EditionSql) == pages.Edition;

    private static async Task<RulePages> ReadAsync(DbSession session)
    {
        var edition = await session.ScalarAsync<string>(EditionSql);
        var allowed = (await session.QueryAsync<AllowedRow>("select provider_id, pattern from targets")).ToLookup(row => row.ProviderId, row => row.Pattern);
        var rows = await session.QueryAsync<RuleRow>(
            """
            select u.id, u.name, u.enabled, u.source_id, s.provider_id, s.kind, s.name as source_name, s.revision_id
            from rules u join rule_sources s on s.id = u.source_id left join repositories r on r.id = s.repository_id
            where u.removed_at is null and s.revision_id is not null and (s.repository_id is null or (r.linked = 1 and r.unlinked = 0))
            order by s.id, u.position
            """);

        // Apart from the rules: a file has many of them, and each would bring its own copy of the text.
        var texts = (await session.QueryAsync<(long, string)>($"select id, text from rule_revisions where id {session.In("ids")}", new { ids = rows.Select(row => row.RevisionId).Distinct().ToArray() }))
            .ToDictionary(row => row.Item1, row => row.Item2);
        var rules = new List<BookRule>(rows.Count);
        foreach (var source in rows.GroupBy(row => row.SourceId))
        {
            var first = source.First();
            var scope = RuleScopes.Of(Enum.Parse<RuleFileKind>(first.Kind), first.SourceName, [.. allowed[first.ProviderId]]);

            // It was good when it was loaded. A target that is no longer allowed is refused when it comes to it, with the reason.
            var file = RuleFile.Parse(texts.GetValueOrDefault(first.RevisionId, ""), RuleScopes.Of(scope.Kind, first.SourceName, ["*/*"])).File;
            var parsed = file?.Rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal) ?? [];
            rules.AddRange(
                from row in source
                where parsed.ContainsKey(row.Name)
                let rule = parsed[row.Name]
                select new BookRule(row.Id, row.ProviderId, row.SourceId, row.SourceName, row.RevisionId, row.Enabled == 1 && rule.Enabled, rule, scope));
        }

        return new RulePages(edition!, rules);
    }

    private sealed record AllowedRow
    {
        public long ProviderId { get; init; }

        public string Pattern { get; init; } = "";
    }

    private sealed record RuleRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public long Enabled { get; init; }

        public long SourceId { get; init; }

        public long ProviderId { get; init; }

        public string Kind { get; init; } = "";

        public string SourceName { get; init; } = "";

        public long RevisionId { get; init; }
    }
}
