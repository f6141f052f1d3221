using Switchyard.GitHub.Rest;
using Switchyard.Rules;

namespace Switchyard.Server.Signals;

/// <summary>Reads all checks and statuses of a commit, as gates judge them.</summary>
internal static class ReadChecks
{
    public static async Task<ChecksSnapshot> RunAsync(InstallationApi api, string owner, string repository, string sha, CancellationToken cancellation)
    {
        var runs = new List<CheckRunState>();
        await foreach (var run in api.Checks.ListCheckRunsAsync(owner, repository, sha, latestOnly: true, cancellation))
        {
            runs.Add(new CheckRunState
            {
                Id = run.Id,
                Name = run.Name ?? "",
                Status = run.Status ?? "",
                Conclusion = run.Conclusion,
                AppId = run.App?.Id,
                SuiteId = run.CheckSuite?.Id,
                ExternalId = run.ExternalId,
                StartedAt = run.StartedAt,
                CompletedAt = run.CompletedAt,
                HtmlUrl = run.HtmlUrl,
            });
        }

        var statuses = (await api.Checks.GetCombinedStatusAsync(owner, repository, sha, cancellation))?.Statuses ?? [];
        return new ChecksSnapshot
        {
            CheckRuns = runs,
            Statuses = [.. statuses.Select(status => new CommitStatusState { Context = status.Context ?? "", State = status.State ?? "", UpdatedAt = status.UpdatedAt })],
        };
    }
}
