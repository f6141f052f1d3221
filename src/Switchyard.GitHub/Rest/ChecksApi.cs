using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// Check runs, check suites and commit statuses. Writing yields to other writes: when the pace of the installation runs
/// short, it fails with RateLimited and the time of the next try.
/// </summary>
public sealed class ChecksApi
{
    private readonly ApiCaller caller;

    internal ChecksApi(ApiCaller caller) => this.caller = caller;

    /// <summary>The check runs of a commit, of all Apps. GitHub looks at the 1,000 newest suites. Needs <c>checks: read</c>.</summary>
    /// <param name="reference">A commit's SHA, a branch or a tag.</param>
    /// <param name="latestOnly">Only the newest of each name and suite; otherwise those before it too.</param>
    public async IAsyncEnumerable<CheckRun> ListCheckRunsAsync(string owner, string repository, string reference, bool latestOnly, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var run in ListAsync(owner, repository, reference, $"filter={(latestOnly ? "latest" : "all")}", cancellation))
        {
            yield return run;
        }
    }

    /// <summary>The check suites of a commit. Needs <c>checks: read</c>.</summary>
    public async IAsyncEnumerable<CheckSuite> ListCheckSuitesAsync(string owner, string repository, string reference, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync(
            $"{Commit(owner, repository, reference)}/check-suites?{ApiCaller.PerPage}", $"list the check suites of {reference} in {owner}/{repository}", GitHubJson.Default.CheckSuitePage, cancellation))
        {
            foreach (var suite in page.CheckSuites)
            {
                yield return suite;
            }
        }
    }

    /// <summary>The commit statuses of all pages; null when there is no such commit. Needs <c>statuses: read</c>.</summary>
    public Task<CombinedStatus?> GetCombinedStatusAsync(string owner, string repository, string reference, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>Makes a check run and gives its id. Needs <c>checks: write</c>.</summary>
    /// <exception cref="ArgumentException">No name or no commit.</exception>
    public Task<long> CreateCheckRunAsync(string owner, string repository, CheckRunDraft draft, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>Changes a check run of this App. Saying the same again changes nothing, but annotations are added each time. Needs <c>checks: write</c>.</summary>
    public Task UpdateCheckRunAsync(string owner, string repository, long checkRunId, CheckRunDraft draft, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>The newest check run of that name with that id of ours; null when there is none.</summary>
    public Task<CheckRun?> FindCheckRunAsync(string owner, string repository, string sha, string name, string externalId, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    private async IAsyncEnumerable<CheckRun> ListAsync(string owner, string repository, string reference, string query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in caller.PagesAsync(
            $"{Commit(owner, repository, reference)}/check-runs?{query}&{ApiCaller.PerPage}", $"list the check runs of {reference} in {owner}/{repository}", GitHubJson.Default.CheckRunPage, cancellation))
        {
            foreach (var run in page.CheckRuns)
            {
                yield return run;
            }
        }
    }

    private static string Commit(string owner, string repository, string reference) =>
        $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/commits/{ApiCaller.Segments(reference)}";
}
