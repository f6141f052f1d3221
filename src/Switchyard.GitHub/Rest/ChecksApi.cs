using System.Globalization;
using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// Check runs, check suites and commit statuses. Writing yields to other writes: when the pace of the installation runs
/// short, it fails with RateLimited and the time of the next try.
/// </summary>
public sealed class ChecksApi
{
    private readonly ApiCaller caller;

    internal ChecksApi(ApiCaller caller) => this.caller = caller.Needing("checks=read");

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
    public async Task<CombinedStatus?> GetCombinedStatusAsync(string owner, string repository, string reference, CancellationToken cancellation = default)
    {
        CombinedStatus? first = null;
        var statuses = new List<CommitStatus>();
        var path = $"{Commit(owner, repository, reference)}/status?{ApiCaller.PerPage}";
        try
        {
            await foreach (var page in caller.Needing("statuses=read").PagesAsync(path, $"read the statuses of {reference} in {owner}/{repository}", GitHubJson.Default.CombinedStatus, cancellation))
            {
                first ??= page;
                statuses.AddRange(page.Statuses);
            }
        }
        catch (GitHubException error) when (ApiErrors.IsNoCommit(error))
        {
            return null;
        }

        return first! with { Statuses = statuses };
    }

    /// <summary>Makes a check run and gives its id. Needs <c>checks: write</c>.</summary>
    /// <exception cref="ArgumentException">No name or no commit.</exception>
    public async Task<long> CreateCheckRunAsync(string owner, string repository, CheckRunDraft draft, CancellationToken cancellation = default)
    {
        var doing = $"make check run {draft.Name} on {draft.HeadSha} in {owner}/{repository}";
        var request = Write(HttpMethod.Post, Runs(owner, repository), doing, CheckRunBody.First(draft, isNew: true));
        var made = GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.CheckRun);
        await AddRestAsync(owner, repository, made.Id, draft, doing, cancellation);
        return made.Id;
    }

    /// <summary>Changes a check run of this App. Saying the same again changes nothing, but annotations are added each time. Needs <c>checks: write</c>.</summary>
    public async Task UpdateCheckRunAsync(string owner, string repository, long checkRunId, CheckRunDraft draft, CancellationToken cancellation = default)
    {
        var doing = $"change check run {checkRunId} in {owner}/{repository}";
        var request = Write(HttpMethod.Patch, Run(owner, repository, checkRunId), doing, CheckRunBody.First(draft, isNew: false)) with { Repeatable = draft.Annotations.Count == 0 };
        await caller.SendAsync(request, cancellation);
        await AddRestAsync(owner, repository, checkRunId, draft, doing, cancellation);
    }

    /// <summary>The newest check run of that name with that id of ours; null when there is none.</summary>
    public async Task<CheckRun?> FindCheckRunAsync(string owner, string repository, string sha, string name, string externalId, CancellationToken cancellation = default)
    {
        CheckRun? found = null;
        await foreach (var run in ListAsync(owner, repository, sha, $"check_name={Uri.EscapeDataString(name)}&filter=all", cancellation))
        {
            found = run.ExternalId == externalId && run.Id > (found?.Id ?? 0) ? run : found;
        }

        return found;
    }

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

    /// <summary>GitHub takes 50 annotations with a call.</summary>
    private async Task AddRestAsync(string owner, string repository, long id, CheckRunDraft draft, string doing, CancellationToken cancellation)
    {
        foreach (var body in CheckRunBody.Rest(draft))
        {
            await caller.SendAsync(Write(HttpMethod.Patch, Run(owner, repository, id), doing, body), cancellation);
        }
    }

    private ApiRequest Write(HttpMethod method, string path, string doing, byte[] body) => caller.Write(method, path, doing, "checks=write", body) with { Yields = true };

    private static string Runs(string owner, string repository) => $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/check-runs";

    private static string Run(string owner, string repository, long id) => $"{Runs(owner, repository)}/{id.ToString(CultureInfo.InvariantCulture)}";

    private static string Commit(string owner, string repository, string reference) =>
        $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/commits/{ApiCaller.Segments(reference)}";
}
