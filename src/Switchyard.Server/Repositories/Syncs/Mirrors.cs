using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>A mirror that is up to date; the head is null where the repository has no commit.</summary>
/// <param name="Mirror">The mirror.</param>
/// <param name="Head">The commit of the default branch.</param>
/// <param name="IsBlobless">Blobs must be brought before they are read.</param>
/// <param name="BringAsync">Brings blobs; nothing to do in a whole mirror.</param>
internal sealed record FetchedMirror(GitMirror Mirror, string? Head, bool IsBlobless, Func<IReadOnlyCollection<string>, CancellationToken, Task> BringAsync);

/// <summary>The bare mirrors on disk, one a repository, under its numeric id: a cache that may be deleted at any time.</summary>
internal sealed class Mirrors(IOptions<StorageOptions> storage, IOptions<RepositoryOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>One name whatever the default branch is called: a branch that is renamed leaves no ref in the way of another.</summary>
    private const string HeadRef = "refs/heads/default";

    private readonly ConcurrentDictionary<long, GitMirror> mirrors = new();

    private string Root => Path.Combine(storage.Value.DataPath, "mirrors");

    public GitMirror Of(Repository repository) => mirrors.GetOrAdd(
        repository.Id,
        static (_, state) => new GitMirror(state.Folder, state.Options),
        (Folder: FolderOf(repository), Options: new GitOptions { Time = time, CommandTimeout = options.Value.GitTimeout }));

    public string FolderOf(Repository repository) =>
        Path.Combine(Root, repository.ProviderId.ToString(), repository.GithubId.ToString() + ".git");

    public async Task<FetchedMirror> FetchAsync(Repository repository, OriginAccess remote, CancellationToken cancellation)
    {
        var mirror = Of(repository);
        var depth = repository.SizeKb > options.Value.BloblessAboveKb ? GitDepth.Blobless : GitDepth.Whole;
        if (repository.DefaultBranch is not { Length: > 0 } branch)
        {
            return new FetchedMirror(mirror, null, false, BringNothing);
        }

        // Here as well, since a data folder that was there before may be open to others.
        PrivateFolder.Create(Root);
        try
        {
            await mirror.FetchAsync(remote.Remote, remote.Token, new GitFetch([$"+refs/heads/{branch}:{HeadRef}"], depth), null, cancellation);
        }
        catch (GitException failure) when (failure.Kind == GitErrorKind.RefNotFound)
        {
            await RequireEmptyAsync(repository, remote, branch, cancellation);
            return new FetchedMirror(mirror, null, false, BringNothing);
        }

        return depth == GitDepth.Whole
            ? new FetchedMirror(mirror, await mirror.ResolveAsync(HeadRef, cancellation), false, BringNothing)
            : new FetchedMirror(mirror, await mirror.ResolveAsync(HeadRef, cancellation), true, (oids, stop) => mirror.FetchBlobsAsync(oids, remote.Remote, remote.Token, stop));
    }

    /// <summary>Brings single commits, whatever branch they are on; they stay until others take their place.</summary>
    public async Task<GitMirror> FetchCommitsAsync(Repository repository, OriginAccess remote, IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        var mirror = Of(repository);
        var depth = repository.SizeKb > options.Value.BloblessAboveKb ? GitDepth.Blobless : GitDepth.Whole;
        PrivateFolder.Create(Root);
        var refspecs = commits.Select((commit, index) => $"+{commit}:refs/switchyard/commit-{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        await mirror.FetchAsync(remote.Remote, remote.Token, new GitFetch([.. refspecs], depth), null, cancellation);
        return mirror;
    }

    public void Dispose()
    {
        foreach (var mirror in mirrors.Values)
        {
            mirror.Dispose();
        }
    }

    private static Task BringNothing(IReadOnlyCollection<string> oids, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>No such branch: fine in a repository that never had a commit, and otherwise no reason to remove anything.</summary>
    private async Task RequireEmptyAsync(Repository repository, OriginAccess remote, string branch, CancellationToken cancellation)
    {
        var refs = await GitRemote.ListRefsAsync(remote.Remote, remote.Token, ["refs/heads/*"], new GitOptions { Time = time }, cancellation);
        if (refs.Count > 0 || repository.WalkedHead is not null)
        {
            throw new SyncException(
                ReasonCode.DefaultBranchMissing,
                $"The default branch {branch} of {repository.FullName} does not exist. It was deleted or renamed; nothing was removed here. Set the default branch on GitHub, or push it again.",
                new NextStep("Branches on GitHub", Href: repository.HtmlUrl is null ? null : repository.HtmlUrl + "/branches"));
        }
    }
}
