namespace Switchyard.GitHub.Rest;

/// <summary>Files, commits and refs through the API.</summary>
public sealed class FilesApi
{
    private readonly ApiCaller caller;

    internal FilesApi(ApiCaller caller) => this.caller = caller.Needing("contents=read");

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

    /// <summary>The SHA of a file's blob, to replace it by; null when there is no such file.</summary>
    /// <param name="reference">Branch, tag or commit.</param>
    public async Task<string?> GetBlobShaAsync(string owner, string repository, string path, string reference, CancellationToken cancellation = default) =>
        (await caller.FindAsync(
            $"{Root(owner, repository)}/contents/{ApiCaller.Segments(path)}?ref={Uri.EscapeDataString(reference)}",
            $"look for {path} in {owner}/{repository}",
            GitHubJson.Default.GitHubObject,
            cancellation))?.Sha;

    /// <summary>A commit by SHA, branch or tag; null when there is none.</summary>
    /// <exception cref="GitHubException">EmptyRepository when there is no commit yet.</exception>
    public async Task<GitHubCommit?> GetCommitAsync(string owner, string repository, string reference, CancellationToken cancellation = default)
    {
        try
        {
            // The files of a large commit come page by page, and none of them is wanted.
            return await caller.GetAsync($"{Root(owner, repository)}/commits/{ApiCaller.Segments(reference)}?per_page=1", $"read commit {reference} of {owner}/{repository}", GitHubJson.Default.GitHubCommit, cancellation);
        }
        catch (GitHubException error) when (ApiErrors.IsNoCommit(error))
        {
            return null;
        }
    }

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
    public async Task<ChangedFiles?> CompareFilesAsync(string owner, string repository, string from, string to, CancellationToken cancellation = default)
    {
        // Pages are of commits; the files are all on the first.
        var path = $"{Root(owner, repository)}/compare/{ApiCaller.Segment(from)}...{ApiCaller.Segment(to)}?per_page=1";
        var found = await caller.FindAsync(path, $"compare {from} with {to} in {owner}/{repository}", GitHubJson.Default.Comparison, cancellation);
        return found is null ? null : new ChangedFiles(found.Files, !found.FilesMayBeIncomplete);
    }

    /// <summary>Makes a ref. Needs <c>contents: write</c>.</summary>
    /// <param name="reference">The whole name, such as <c>refs/heads/main</c>.</param>
    /// <exception cref="GitHubException">Validation: it exists already, or there is no such commit.</exception>
    public async Task<GitHubRef> CreateRefAsync(string owner, string repository, string reference, string sha, CancellationToken cancellation = default)
    {
        var body = JsonBody.Of(json =>
        {
            json.WriteString("ref", reference);
            json.WriteString("sha", sha);
        });
        var request = caller.Write(HttpMethod.Post, $"{Root(owner, repository)}/git/refs", $"make {reference} in {owner}/{repository}", "contents=write", body);
        return GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.GitHubRef);
    }

    /// <summary>Writes a file by a commit and gives the commit's SHA. Needs <c>contents: write</c>, and <c>workflows: write</c> below <c>.github/workflows</c>.</summary>
    public async Task<string> PutFileAsync(string owner, string repository, FileDraft file, CancellationToken cancellation = default)
    {
        var body = JsonBody.Of(json =>
        {
            json.WriteString("message", file.Message);
            json.WriteBase64String("content", file.Content.Span);
            json.WriteString("branch", file.Branch);
            json.Text("sha", file.ReplacesBlob);
        });
        var isWorkflow = file.Path.StartsWith(".github/workflows/", StringComparison.Ordinal);
        var request = caller.Write(HttpMethod.Put, $"{Root(owner, repository)}/contents/{ApiCaller.Segments(file.Path)}", $"write {file.Path} in {owner}/{repository}", isWorkflow ? "contents=write, workflows=write" : "contents=write", body) with
        {
            // GitHub's header names contents alone, and its message is the same for a missing workflows permission.
            Advise = (status, message) => isWorkflow && status is 403 or 404 && !message.Contains("archived", StringComparison.OrdinalIgnoreCase) && !message.Contains("suspended", StringComparison.OrdinalIgnoreCase)
                ? $"A file below .github/workflows needs *Contents: write* and *Workflows: write*, and {caller.Identity} may lack the second. Grant both in the settings of the App (or of the token), have them approved, or commit the file yourself."
                : null,
        };
        var written = GitHubJson.Read(request, await caller.SendAsync(request, cancellation), GitHubJson.Default.WrittenFile);
        return written.Commit?.Sha ?? throw ApiErrors.Odd(request, "the answer names no commit");
    }

    private static string Root(string owner, string repository) => $"repos/{ApiCaller.Segment(owner)}/{ApiCaller.Segment(repository)}";
}
