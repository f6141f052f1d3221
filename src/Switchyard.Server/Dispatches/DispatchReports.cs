using Switchyard.Server.Reports;
using Switchyard.Server.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>Has the check runs written anew that tell of a Dispatch: those of its rule on the commits it was started by.</summary>
internal sealed class DispatchReports(ReportStore reports)
{
    /// <summary>In the caller's transaction; gives the lanes to kick after the commit.</summary>
    public async Task<IReadOnlyList<string>> WantAsync(DbSession session, Dispatch dispatch, bool ends = false) =>
        dispatch.Reported == 0 ? [] : await WantAsync(session, dispatch.Id, ends);

    public async Task<IReadOnlyList<string>> WantAsync(DbSession session, long dispatchId, bool ends = false)
    {
        var sources = await session.QueryAsync<Source>(
            """
            select d.provider_id, d.rule_id, u.name as rule_name, s.github_repository_id, s.repository_name, s.sha
            from dispatches d join rules u on u.id = d.rule_id join pending_sources s on s.pending_id = d.pending_id
            where d.id = @dispatchId and d.reported = 1 and s.sha <> ''
            """,
            new { dispatchId });
        var lanes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            lanes.Add(await reports.WantAsync(
                session, RuleReports.SubjectOf(source.ProviderId, source.RuleId, source.RuleName, source.GithubRepositoryId, source.RepositoryName, source.Sha), ends));
        }

        return [.. lanes];
    }

    private sealed record Source
    {
        public long ProviderId { get; init; }

        public long RuleId { get; init; }

        public string RuleName { get; init; } = "";

        public long GithubRepositoryId { get; init; }

        public string RepositoryName { get; init; } = "";

        public string Sha { get; init; } = "";
    }
}
