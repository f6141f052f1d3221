using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Git;
using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Repositories;

/// <summary>The paths that were found out, or why they could not be; <c>IsFinal</c>: asking again gives no other answer.</summary>
internal sealed record FoundPaths(IReadOnlyList<string>? Paths, string? Reason, bool IsFinal)
{
    public static FoundPaths Of(IEnumerable<string> paths) => new([.. paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], null, true);

    public static FoundPaths Never(string reason) => new(null, reason, true);

    public static FoundPaths NotNow(string reason) => new(null, reason, false);
}

/// <summary>The commit that was found out, or why it could not be; <c>IsFinal</c>: asking again gives no other answer.</summary>
internal sealed record FoundCommit(string? Sha, string? Reason, bool IsFinal);

/// <summary>
/// Finds out which paths a push or a pull request changed, where its Signal does not say. GitHub's comparison is cut at 300 files and
/// its list of a pull request at 3,000 (behaviours, row 17); a push beyond that is compared by git. It calls out: never within a
/// transaction.
/// </summary>
internal sealed class ChangedPaths(Database database, ProviderConnections connections, IRepositoryOrigin origin, Mirrors mirrors)
{
    private const int MostOfPullRequest = 3_000;

    private static readonly Dictionary<string, string> Read = new(StringComparer.Ordinal) { ["contents"] = "read", ["metadata"] = "read" };

    private static readonly Dictionary<string, string> ReadPullRequest = new(Read, StringComparer.Ordinal) { ["pull_requests"] = "read" };

    public async Task<FoundPaths> ReadAsync(long providerId, SignalFacts facts, CancellationToken cancellation)
    {
        if (facts.Paths is { } known)
        {
            return FoundPaths.Of(known);
        }

        if (facts is not { Source: { } source, Sha: not null, Kind: SignalKind.Push or SignalKind.PullRequest })
        {
            return FoundPaths.Never($"a Signal of the kind {facts.Kind} changes no paths");
        }

        if (await database.ReadAsync(session => RepositoryStore.FindByGitHubIdAsync(session, providerId, source.Id), cancellation) is not { MayWork: true } repository)
        {
            return FoundPaths.Never($"{source.FullName} is not linked, or its installation is suspended");
        }

        try
        {
            return facts.PullRequest is { } pullRequest
                ? await OfPullRequestAsync(repository, pullRequest.Number, cancellation)
                : await OfPushAsync(repository, facts, cancellation);
        }
        catch (Exception failure) when (failure is GitHubException or GitException or SyncException or VaultException)
        {
            return FoundPaths.NotNow(failure.Message);
        }
    }

    /// <summary>The commit that the Signal's ref is at: that of a release's tag, of the default branch for what a schedule or a person starts.</summary>
    public async Task<FoundCommit> ReadCommitAsync(long providerId, SignalFacts facts, CancellationToken cancellation)
    {
        if (facts is not { Source: { } source, Ref: { } reference }
            || await database.ReadAsync(session => RepositoryStore.FindByGitHubIdAsync(session, providerId, source.Id), cancellation) is not { MayWork: true } repository)
        {
            return new FoundCommit(null, $"{facts.Source?.FullName} is not linked, or its installation is suspended", true);
        }

        try
        {
            var api = await ApiAsync(repository, Read, cancellation);
            return await api.Files.GetCommitAsync(repository.Owner, repository.Name, reference["refs/".Length..], cancellation) is { } commit
                ? new FoundCommit(commit.Sha, null, true)
                : new FoundCommit(null, $"{repository.FullName} has no {reference}", true);
        }
        catch (Exception failure) when (failure is GitHubException or VaultException)
        {
            return new FoundCommit(null, failure.Message, failure is GitHubException { Kind: GitHubErrorKind.NotFound });
        }
    }

    private async Task<FoundPaths> OfPullRequestAsync(Repository repository, int number, CancellationToken cancellation)
    {
        var api = await ApiAsync(repository, ReadPullRequest, cancellation);
        var files = new List<ComparedFile>();
        await foreach (var file in api.PullRequests.ListFilesAsync(repository.Owner, repository.Name, number, cancellation))
        {
            files.Add(file);
        }

        return files.Count >= MostOfPullRequest
            ? FoundPaths.Never($"GitHub lists {MostOfPullRequest:#,0} files of a pull request at most, and #{number} has as many or more")
            : FoundPaths.Of(PathsOf(files));
    }

    /// <summary>
    /// A new branch is compared with the default branch, and so is one whose former commit is gone after a force push: GitHub and git
    /// both compare with the merge base.
    /// </summary>
    private async Task<FoundPaths> OfPushAsync(Repository repository, SignalFacts facts, CancellationToken cancellation)
    {
        var api = await ApiAsync(repository, Read, cancellation);
        var sha = facts.Sha!;
        foreach (var from in new[] { facts.Before, facts.Branch == repository.DefaultBranch ? null : repository.DefaultBranch }.OfType<string>())
        {
            if (await api.Files.CompareFilesAsync(repository.Owner, repository.Name, from, sha, cancellation) is not { } compared)
            {
                continue;
            }

            return compared.IsComplete ? FoundPaths.Of(PathsOf(compared.Files)) : await ByGitAsync(repository, api, from, sha, cancellation);
        }

        if (facts.Before is null && facts.Branch == repository.DefaultBranch)
        {
            return await WholeTreeAsync(repository, sha, cancellation);
        }

        return FoundPaths.Never($"GitHub knows neither {Short(facts.Before ?? sha)} nor what to compare {Short(sha)} with any more");
    }

    private async Task<FoundPaths> ByGitAsync(Repository repository, InstallationApi api, string from, string sha, CancellationToken cancellation)
    {
        if (await api.Files.GetCommitAsync(repository.Owner, repository.Name, from, cancellation) is not { } commit)
        {
            return FoundPaths.Never($"{Short(from)} is gone");
        }

        var mirror = await mirrors.FetchCommitsAsync(repository, await origin.OpenAsync(repository, cancellation), [commit.Sha, sha], cancellation);
        return FoundPaths.Of(await mirror.ListChangedAsync(commit.Sha, sha, cancellation));
    }

    /// <summary>The first push there ever was: all that is there is new.</summary>
    private async Task<FoundPaths> WholeTreeAsync(Repository repository, string sha, CancellationToken cancellation)
    {
        var mirror = await mirrors.FetchCommitsAsync(repository, await origin.OpenAsync(repository, cancellation), [sha], cancellation);
        var paths = new List<string>();
        await foreach (var entry in mirror.ListTreeAsync(sha, cancellation))
        {
            paths.Add(entry.Path);
        }

        return FoundPaths.Of(paths);
    }

    private async ValueTask<InstallationApi> ApiAsync(Repository repository, Dictionary<string, string> permissions, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(repository.ProviderId, cancellation);
        return connection.IsApp && repository.InstallationGithubId is { } installation
            ? connection.Installation(installation, new TokenScope([repository.GithubId], null, permissions))
            : connection.Token();
    }

    /// <summary>A renamed file is gone from where it was.</summary>
    private static IEnumerable<string> PathsOf(IEnumerable<ComparedFile> files) =>
        files.SelectMany(file => file.PreviousFilename is { } previous ? [previous, file.Filename] : new[] { file.Filename });

    private static string Short(string sha) => sha.Length > 7 ? sha[..7] : sha;
}
