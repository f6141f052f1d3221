using Switchyard.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// How many Dispatches in a row led to a Signal: 0 for what people do. Checks are of the Run that made them, by its commit. What
/// <c>github-actions[bot]</c> pushes, tags or releases comes from a workflow of that very repository, as only those have its token
/// (docs.github.com, "GITHUB_TOKEN"): where one of our Runs is under way there, from it. A push with another token shows nothing of
/// where it comes from; the brake is for those.
/// </summary>
internal static class Causes
{
    private const string Workflows = "github-actions[bot]";

    /// <summary>Deliveries come late, and the last step of a Run may be its push; a Run may not be known yet when its push is.</summary>
    private static readonly TimeSpan AfterRun = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    public static async Task<long> CountAsync(DbSession session, IEnumerable<SignalFacts> signals, DateTimeOffset now)
    {
        var most = 0L;
        foreach (var facts in signals)
        {
            most = Math.Max(most, await CountAsync(session, facts, now));
        }

        return most;
    }

    private static async Task<long> CountAsync(DbSession session, SignalFacts facts, DateTimeOffset now) => facts switch
    {
        { Source: null } => 0,
        { Kind: SignalKind.Checks, Sha: { } sha } => await session.ScalarAsync<long?>(
            "select d.hop from runs r join dispatches d on d.id = r.dispatch_id where r.head_sha = @sha and d.target_github_id = @Id order by d.id desc limit 1", new { sha, facts.Source.Id }) ?? 0,
        { Actor: Workflows } => await session.ScalarAsync<long?>(
            """
            select max(d.hop) from dispatches d left join runs r on r.dispatch_id = d.id
            where d.target_github_id = @Id and d.created_at > @lately and (case when r.github_id is null then d.created_at > @soon else coalesce(r.ended_at, @soon + 1) > @soon end)
            """,
            new { facts.Source.Id, soon = (now - AfterRun).ToUnixTimeMilliseconds(), lately = (now - LongestRun).ToUnixTimeMilliseconds() }) ?? 0,
        _ => 0,
    };
}
