using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

/// <summary>Repositories on GitHub, through the App's installation or the token that stands in for it, with no more rights than reading one repository takes.</summary>
internal sealed class GitHubOrigin(ProviderConnections connections) : IRepositoryOrigin
{
    public async Task<OriginRepository> ReadAsync(Repository repository, CancellationToken cancellation)
    {
        try
        {
            var found = OriginOf(await (await ApiAsync(repository, cancellation)).GetRepositoryAsync(repository.GithubId, cancellation));
            return found.GithubId == repository.GithubId
                ? found
                : throw new SyncException(ReasonCode.RepositoryMissing, $"{repository.FullName} is another repository now (id {found.GithubId} instead of {repository.GithubId}). It was deleted and made again; the new one is linked by itself, and nothing of the old one was removed here.") { Health = RepositoryHealth.Missing };
        }
        catch (GitHubException failure)
        {
            throw SyncFailures.Of(failure, repository);
        }
    }

    public async Task<OriginAccess> OpenAsync(Repository repository, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(repository.ProviderId, cancellation);
        var remote = new Uri($"{connection.Host.Web.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(repository.Owner)}/{Uri.EscapeDataString(repository.Name)}.git");
        return new OriginAccess(
            remote,
            async stop =>
            {
                try
                {
                    return await connection.GitTokenAsync(repository.InstallationGithubId, TokenScope.Read(repository.GithubId), stop);
                }
                catch (GitHubException failure)
                {
                    throw SyncFailures.Of(failure, repository);
                }
            });
    }

    public async Task ForgetTokenAsync(Repository repository)
    {
        if (repository.InstallationGithubId is { } installation)
        {
            (await connections.GetAsync(repository.ProviderId, CancellationToken.None)).Tokens?.Evict(installation, TokenScope.Read(repository.GithubId));
        }
    }

    public async Task<string?> ReadHeadAsync(Repository repository, CancellationToken cancellation)
    {
        try
        {
            var api = await ApiAsync(repository, cancellation);
            return repository.DefaultBranch is { } branch
                ? (await api.GetRefAsync(repository.Owner, repository.Name, "heads/" + branch, cancellation))?.Object?.Sha
                : null;
        }
        catch (GitHubException failure) when (failure.Kind is GitHubErrorKind.EmptyRepository or GitHubErrorKind.NotFound)
        {
            return null;
        }
        catch (GitHubException failure)
        {
            throw SyncFailures.Of(failure, repository);
        }
    }

    public static OriginRepository OriginOf(GitHubRepository found) => new(
        found.Id,
        found.Owner?.Login ?? found.FullName.Split('/')[0],
        found.Name,
        found.DefaultBranch,
        found.Private,
        found.Archived,
        found.Size,
        found.HtmlUrl);

    private async ValueTask<InstallationApi> ApiAsync(Repository repository, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(repository.ProviderId, cancellation);
        return connection.IsApp && repository.InstallationGithubId is { } installation
            ? connection.Installation(installation, TokenScope.Read(repository.GithubId))
            : connection.Token();
    }
}
