using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>
/// A bare copy of a repository on disk: a cache that may be deleted at any time. One fetch at a time (per instance, and
/// the caller keeps one instance per directory); reading may go on beside it. Objects that are not here are missing,
/// they are never fetched one by one behind a reader's back.
/// </summary>
public sealed class GitMirror(string directory, GitOptions options) : IDisposable
{
    private readonly SemaphoreSlim fetching = new(1, 1);
    private readonly MirrorFolder folder = new(Path.GetFullPath(directory), options);

    /// <summary>The folder of the bare repository.</summary>
    public string Location => folder.Location;

    /// <summary>Whether there is a mirror on disk (it may still prove broken).</summary>
    public bool Exists => folder.Exists;

    /// <summary>
    /// Brings the refs and their history here. Makes the bare repository when it is absent; a broken one, or one of
    /// another depth, is deleted and cloned anew.
    /// </summary>
    /// <param name="remote">https://host/owner/name.git; plain http on loopback only.</param>
    /// <param name="token">Asked once, for a token of the moment; null for a public repository.</param>
    /// <param name="fetch">Which refs, and whether blobs come along.</param>
    /// <param name="progress">Told what git prints about progress.</param>
    /// <exception cref="GitException">What went wrong, by kind.</exception>
    public async Task<GitFetchOutcome> FetchAsync(
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        GitFetch fetch,
        IProgress<GitProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (fetch.Refspecs.Count == 0)
        {
            throw new ArgumentException("Name at least one refspec, such as +refs/heads/*:refs/heads/*.", nameof(fetch));
        }

        await fetching.WaitAsync(cancellation);
        try
        {
            var outcome = GitFetchOutcome.Updated;
            if (!folder.Exists || folder.IsBroken || folder.Depth != fetch.Depth)
            {
                outcome = Directory.Exists(Location) ? GitFetchOutcome.Healed : GitFetchOutcome.Created;
                await folder.MakeAsync(fetch.Depth, cancellation);
            }

            folder.RemoveLeftovers();
            try
            {
                await FetchOnceAsync(remote, token, fetch, progress, cancellation);
            }
            catch (GitException error) when (error.Message.Contains(".lock'", StringComparison.Ordinal))
            {
                folder.RemoveLocks();
                await FetchOnceAsync(remote, token, fetch, progress, cancellation);
            }
            catch (GitException error) when (error.Kind == GitErrorKind.Corrupt && outcome == GitFetchOutcome.Updated)
            {
                outcome = GitFetchOutcome.Healed;
                await folder.MakeAsync(fetch.Depth, cancellation);
                await FetchOnceAsync(remote, token, fetch, progress, cancellation);
            }

            await folder.TidyAsync(cancellation);
            return outcome;
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>Brings blobs into a blobless mirror, all in one request; does nothing for those already here.</summary>
    /// <returns>Those of <paramref name="oids"/> that the remote no longer has.</returns>
    /// <exception cref="GitException">What went wrong, by kind.</exception>
    public async Task<IReadOnlyCollection<string>> FetchBlobsAsync(
        IReadOnlyCollection<string> oids,
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        CancellationToken cancellation = default)
    {
        await fetching.WaitAsync(cancellation);
        try
        {
            return await new BulkBlobs(folder, options).FetchAsync(oids, remote, token, cancellation);
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>The commit that a branch, tag or SHA names, or null when it is not in the mirror.</summary>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    public async Task<string?> ResolveAsync(string rev, CancellationToken cancellation = default)
    {
        if (!Exists || rev.Length == 0 || rev[0] == '-' || rev.AsSpan().ContainsAny('\0', '\n'))
        {
            return null;
        }

        try
        {
            var output = await folder.RunAsync($"resolve {rev}", ["rev-parse", "--verify", "--quiet", "--end-of-options", rev + "^{commit}"], cancellation);
            var sha = Encoding.ASCII.GetString(output).Trim();
            return Oid.IsValid(sha) ? sha : null;
        }
        catch (GitException error) when (error.Kind is GitErrorKind.Unexpected or GitErrorKind.RefNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// Every file, link and submodule of a commit, in git's order. Paths are UTF-8 as they are in the tree; a byte that
    /// is not UTF-8 shows as <c>\xHH</c>. Sizes are known in whole mirrors only.
    /// </summary>
    /// <exception cref="GitException">The commit is not here, or the mirror could not be read.</exception>
    public IAsyncEnumerable<TreeEntry> ListTreeAsync(string commit, CancellationToken cancellation = default) =>
        GitTree.ListAsync(folder, Oid.Require(commit), cancellation);

    /// <summary>
    /// The first-parent chain up to <paramref name="head"/>, oldest first, each commit with what it changed against its
    /// first parent. Renames are not followed. Streaming: memory does not grow with the history.
    /// </summary>
    /// <param name="after">Left out, with all before it; must be on the chain. Null: from the root.</param>
    /// <param name="head">The newest commit.</param>
    /// <exception cref="GitException">A commit is not here, or the mirror could not be read.</exception>
    public IAsyncEnumerable<CommitStep> WalkFirstParentAsync(string? after, string head, CancellationToken cancellation = default) =>
        GitHistory.WalkAsync(folder, after is null ? null : Oid.Require(after), Oid.Require(head), cancellation);

    /// <summary>The commits of the first-parent chain, newest first.</summary>
    /// <exception cref="GitException">The commit is not here, or the mirror could not be read.</exception>
    public IAsyncEnumerable<string> FirstParentChainAsync(string head, CancellationToken cancellation = default) =>
        GitHistory.ChainAsync(folder, Oid.Require(head), cancellation);

    /// <summary>Whether <paramref name="commit"/> is on the first-parent chain of <paramref name="head"/>; false when it is not here at all.</summary>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    public Task<bool> IsOnFirstParentChainAsync(string commit, string head, CancellationToken cancellation = default) =>
        GitHistory.IsOnChainAsync(folder, Oid.Require(commit), Oid.Require(head), cancellation);

    /// <summary>
    /// The paths that <paramref name="to"/> changes against its merge base with <paramref name="from"/>, or against that commit itself where
    /// they share no history. Renames are not followed: both paths are listed.
    /// </summary>
    /// <exception cref="GitException">A commit is not here, or the mirror could not be read.</exception>
    public async Task<IReadOnlyList<string>> ListChangedAsync(string from, string to, CancellationToken cancellation = default)
    {
        var merged = await folder.RunAsync($"find where {from} and {to} part", ["rev-list", "--max-count=1", "--boundary", "--end-of-options", $"{Oid.Require(from)}...{Oid.Require(to)}", "--"], cancellation);
        var range = Encoding.ASCII.GetString(merged).Split('\n').Any(line => line.StartsWith('-')) ? $"{from}...{to}" : $"{from}..{to}";
        var paths = new List<string>();
        string[] arguments = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--end-of-options", range, "--"];
        await foreach (var path in folder.StreamAsync($"compare {from} with {to}", arguments, 0, cancellation))
        {
            paths.Add(GitPath.ToText(path.Span));
        }

        return paths;
    }

    /// <summary>Opens a reader of blobs: one long-lived git process. Readers are independent of each other.</summary>
    public GitBlobReader OpenBlobs() => new(folder, options);

    /// <summary>Says that something is missing that must be here; the next fetch makes the mirror anew.</summary>
    public void MarkBroken() => folder.MarkBroken();

    /// <summary>Deletes the mirror; the next fetch makes it anew.</summary>
    public void Discard() => folder.Delete();

    public void Dispose() => fetching.Dispose();

    private Task<bool> FetchOnceAsync(
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        GitFetch fetch,
        IProgress<GitProgress>? progress,
        CancellationToken cancellation)
    {
        string[] filter = fetch.Depth == GitDepth.Blobless ? ["--filter=blob:none"] : [];
        string[] arguments =
        [
            "fetch", "--progress", "--prune", "--no-tags", "--force", "--no-auto-gc", "--no-auto-maintenance", "--no-write-fetch-head",
            "--no-recurse-submodules", .. filter, "--end-of-options", "origin", .. fetch.Refspecs,
        ];
        return GitAttempts.RunAsync(
            options,
            remote,
            token,
            fetch.Depth == GitDepth.Blobless,
            async access =>
            {
                await GitProcess.RunAsync(
                    options,
                    new GitCommand($"fetch {remote.AbsoluteUri}", Location, arguments) { Access = access, Progress = progress },
                    cancellation);
                return true;
            },
            cancellation);
    }
}
