using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

/// <summary>Where the git remote is and how it is opened: the token is asked for anew for each command.</summary>
internal sealed record OriginAccess(Uri Remote, Func<CancellationToken, ValueTask<string?>> Token);

/// <summary>The place a repository is mirrored from: GitHub. Failures come as <see cref="SyncException"/>, in words for people.</summary>
internal interface IRepositoryOrigin
{
    /// <summary>The repository as it is now, by its numeric id: its name may have changed.</summary>
    Task<OriginRepository> ReadAsync(Repository repository, CancellationToken cancellation);

    /// <summary>The remote of the repository under its present name.</summary>
    Task<OriginAccess> OpenAsync(Repository repository, CancellationToken cancellation);

    /// <summary>The token was refused by git, or does not show the repository: the next command gets another one.</summary>
    Task ForgetTokenAsync(Repository repository);

    /// <summary>The commit that the default branch is at; null where there is no such branch.</summary>
    Task<string?> ReadHeadAsync(Repository repository, CancellationToken cancellation);
}
