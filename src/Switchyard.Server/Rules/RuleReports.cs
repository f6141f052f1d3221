using Switchyard.Rules;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>Asks for the check run of a rule on its source commits; what it says is composed where Dispatches are known.</summary>
internal sealed class RuleReports(ReportStore reports)
{
    public const string Kind = "rule";

    /// <summary>One check run for each rule and commit, however often the rule comes to it: it tells of the last time.</summary>
    public static ReportSubject SubjectOf(long providerId, long ruleId, string ruleName, long githubRepositoryId, string repositoryName, string sha) => new()
    {
        ProviderId = providerId,
        Kind = Kind,
        Subject = ruleId,
        GithubRepositoryId = githubRepositoryId,
        RepositoryName = repositoryName,
        Sha = sha,
        Name = "Switchyard / " + ruleName,
    };

    public Task WantAsync(DbSession session, BookRule rule, SignalFacts facts, HashSet<(string Kind, string Lane)> lanes) =>
        facts.Source is { } source ? WantAsync(session, rule, source.Id, source.FullName, facts.Sha, lanes) : Task.CompletedTask;

    public async Task WantAsync(DbSession session, BookRule rule, IReadOnlyList<PendingSource> sources, HashSet<(string Kind, string Lane)> lanes)
    {
        foreach (var source in sources)
        {
            await WantAsync(session, rule, source.GithubRepositoryId, source.RepositoryName, source.Sha, lanes);
        }
    }

    /// <summary>The check runs that tell of what waited are written again, whether its rule is still in force or not.</summary>
    public async Task AgainAsync(DbSession session, long pendingId, HashSet<(string Kind, string Lane)> lanes)
    {
        var rule = await session.ScalarAsync<long>("select rule_id from pendings where id = @pendingId", new { pendingId });
        foreach (var source in await PendingStore.ListSourcesAsync(session, pendingId))
        {
            if (await reports.AgainAsync(session, Kind, rule, source.GithubRepositoryId, source.Sha) is { } lane)
            {
                lanes.Add((ReportLane.Worker, lane));
            }
        }
    }

    private async Task WantAsync(DbSession session, BookRule rule, long githubRepositoryId, string repositoryName, string? sha, HashSet<(string Kind, string Lane)> lanes)
    {
        if (rule.Rule.Report == Report.Check && githubRepositoryId > 0 && sha is { Length: > 0 })
        {
            var subject = SubjectOf(rule.ProviderId, rule.Id, rule.Rule.Name, githubRepositoryId, repositoryName, sha);
            lanes.Add((ReportLane.Worker, await reports.WantAsync(session, subject)));
        }
    }
}
