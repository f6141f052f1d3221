using System.Globalization;
using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Rest;

/// <summary>Pull requests.</summary>
public sealed class PullRequestsApi
{
    private readonly ApiCaller caller;

    internal PullRequestsApi(ApiCaller caller) => this.caller = caller.Needing("pull_requests=read");

    /// <summary>Null when there is none of that number.</summary>
    public Task<PullRequest?> GetAsync(string owner, string repository, long number, CancellationToken cancellation = default) =>
        caller.FindAsync(One(owner, repository, number), $"read pull request {number} of {owner}/{repository}", GitHubJson.Default.PullRequest, cancellation);

    /// <summary>The changed files; GitHub lists at most 3,000 and says nothing of the others.</summary>
    public async IAsyncEnumerable<ComparedFile> ListFilesAsync(string owner, string repository, long number, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var page in caller.PagesAsync($"{One(owner, repository, number)}/files?{ApiCaller.PerPage}", $"list the files of pull request {number} of {owner}/{repository}", GitHubJson.Default.ListComparedFile, cancellation))
        {
            foreach (var file in page)
            {
                yield return file;
            }
        }
    }

    /// <summary>The pull requests that hold a commit; also those from forks, of which check events tell nothing.</summary>
    public async IAsyncEnumerable<PullRequest> ListForCommitAsync(string owner, string repository, string sha, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/commits/{ApiCaller.Segment(sha)}/pulls?{ApiCaller.PerPage}";
        await foreach (var page in caller.PagesAsync(path, $"list the pull requests of {sha} in {owner}/{repository}", GitHubJson.Default.ListPullRequest, cancellation))
        {
            foreach (var pullRequest in page)
            {
                yield return pullRequest;
            }
        }
    }

    /// <summary>Opens a pull request. Needs <c>pull_requests: write</c>.</summary>
    /// <exception cref="GitHubException">Validation: there is one of that head already, or nothing lies between head and base.</exception>
    public async Task<PullRequest> CreateAsync(string owner, string repository, PullRequestDraft draft, CancellationToken cancellation = default)
    {
        var body = JsonBody.Of(json =>
        {
            json.WriteString("title", draft.Title);
            json.WriteString("head", draft.Head);
            json.WriteString("base", draft.Base);
            json.Text("body", draft.Body);
            json.WriteBoolean("draft", draft.Draft);
        });
        var path = $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/pulls";
        var request = caller.Write(HttpMethod.Post, path, $"open a pull request from {draft.Head} in {owner}/{repository}", "pull_requests=write", body);
        return GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.PullRequest);
    }

    private static string One(string owner, string repository, long number) =>
        $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}/pulls/{number.ToString(CultureInfo.InvariantCulture)}";
}
