namespace Switchyard.GitHub.Rest;

/// <summary>Files, commits and refs through the API.</summary>
public sealed class FilesApi
{
    private readonly ApiCaller caller;

    internal FilesApi(ApiCaller caller) => this.caller = caller;

    /// <summary>The bytes of a file (at most 100 MB); null when there is none. Links are followed by GitHub.</summary>
    /// <param name="path">Path within the repository.</param>
    /// <param name="reference">Branch, tag or commit; the default branch when null.</param>
    public async Task<byte[]?> GetContentAsync(string owner, string repository, string path, string? reference = null, CancellationToken cancellation = default)
    {
        var query = reference is null ? "" : "?ref=" + Uri.EscapeDataString(reference);
        var request = caller.Request(HttpMethod.Get, $"{Root(owner, repository)}/contents/{ApiCaller.Segments(path)}{query}", $"read {path} of {owner}/{repository}") with { Accept = ApiRequest.RawContent };
        try
        {
            return (await caller.SendAsync(request, cancellation)).Body;
        }
        catch (GitHubException error) when (error.Kind == GitHubErrorKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>A commit by SHA, branch or tag; null when there is none.</summary>
    /// <exception cref="GitHubException">EmptyRepository when there is no commit yet.</exception>
    public Task<GitHubCommit?> GetCommitAsync(string owner, string repository, string reference, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>What lies between two commits or refs; the commits of all pages. Its list of files ends at 300 without a word.</summary>
    public async Task<Comparison> CompareAsync(string owner, string repository, string from, string to, CancellationToken cancellation = default)
    {
        Comparison? first = null;
        var commits = new List<GitHubObject>();
        var path = $"{Root(owner, repository)}/compare/{ApiCaller.Segment(from)}...{ApiCaller.Segment(to)}?{ApiCaller.PerPage}";
        await foreach (var page in caller.PagesAsync(path, $"compare {from} with {to} in {owner}/{repository}", GitHubJson.Default.Comparison, cancellation))
        {
            first ??= page;
            commits.AddRange(page.Commits);
        }

        return first! with { Commits = commits };
    }

    /// <summary>The files that differ between two commits or refs, in one call; null when one of them does not exist.</summary>
    public Task<ChangedFiles?> CompareFilesAsync(string owner, string repository, string from, string to, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>Makes a ref. Needs <c>contents: write</c>.</summary>
    /// <param name="reference">The whole name, such as <c>refs/heads/main</c>.</param>
    /// <exception cref="GitHubException">Validation: it exists already, or there is no such commit.</exception>
    public Task<GitHubRef> CreateRefAsync(string owner, string repository, string reference, string sha, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    /// <summary>Writes a file by a commit and gives the commit's SHA. Needs <c>contents: write</c>, and <c>workflows: write</c> below <c>.github/workflows</c>.</summary>
    public Task<string> PutFileAsync(string owner, string repository, FileDraft file, CancellationToken cancellation = default) =>
        throw new NotSupportedException(nameof(caller));

    private static string Root(string owner, string repository) => $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}";
}
