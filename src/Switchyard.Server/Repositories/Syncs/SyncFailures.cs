using Switchyard.GitHub;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>Says what a failure means for the repository: the reason, its health, the next step.</summary>
internal static class SyncFailures
{
    public static SyncException Of(Exception failure, Repository repository) => failure switch
    {
        SyncException sync => sync,
        GitHubException github => Of(github, repository),
        GitException git => Of(git, repository),
        VaultException vault => new SyncException(ReasonCode.SyncFailed, $"{repository.FullName} could not be synchronized. {vault.Message}", Retry(repository)),
        _ => new SyncException(
            ReasonCode.SyncFailed,
            $"{repository.FullName} could not be synchronized. {Unexpected.Describe(failure, "SyncFailed")} Nothing was removed; it is tried again by itself.",
            Retry(repository)),
    };

    private static SyncException Of(GitHubException failure, Repository repository)
    {
        var (code, health) = failure.Kind switch
        {
            GitHubErrorKind.Suspended => (ReasonCode.InstallationSuspended, RepositoryHealth.Suspended),
            GitHubErrorKind.InstallationGone or GitHubErrorKind.NotFound => (ReasonCode.RepositoryMissing, RepositoryHealth.Missing),
            GitHubErrorKind.Unauthorized or GitHubErrorKind.PermissionMissing or GitHubErrorKind.NotGranted => (ReasonCode.PermissionDenied, RepositoryHealth.Degraded),
            GitHubErrorKind.RateLimited => (ReasonCode.RateLimited, RepositoryHealth.Degraded),
            _ => (ReasonCode.SyncFailed, RepositoryHealth.Degraded),
        };
        return new SyncException(code, $"{repository.FullName} could not be synchronized. {failure.Message}", StepAfter(code, repository)) { Health = health, RetryAt = failure.RetryAt };
    }

    private static SyncException Of(GitException failure, Repository repository) => failure.Kind switch
    {
        // A Sync reads the repository over REST first, so it is there: to git GitHub says 404, too, where only the right to read is missing.
        GitErrorKind.RepositoryNotFound => new SyncException(
            ReasonCode.PermissionDenied,
            $"{repository.FullName} could not be synchronized: GitHub shows the repository, but answers git with \"Repository not found\". The App lacks Contents: read.",
            StepAfter(ReasonCode.PermissionDenied, repository)) { Health = RepositoryHealth.Degraded },
        _ => OfGit(failure, repository, failure.Kind == GitErrorKind.AuthenticationFailed ? ReasonCode.PermissionDenied : ReasonCode.SyncFailed),
    };

    private static SyncException OfGit(GitException failure, Repository repository, string code) =>
        new(code, $"{repository.FullName} could not be synchronized. {failure.Message}", StepAfter(code, repository)) { Health = RepositoryHealth.Degraded };

    private static NextStep StepAfter(string code, Repository repository) => code switch
    {
        ReasonCode.PermissionDenied => new NextStep("Review the App's permissions on GitHub", Href: repository.InstallationUrl ?? repository.HtmlUrl),
        ReasonCode.InstallationSuspended => new NextStep("Open installation", Href: repository.InstallationUrl ?? repository.HtmlUrl),
        _ => Retry(repository),
    };

    private static NextStep Retry(Repository repository) => new("Try again", Command: $"switchyard repo sync {repository.FullName}");
}
