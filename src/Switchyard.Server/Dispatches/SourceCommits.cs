using Switchyard.GitHub;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Signals;

namespace Switchyard.Server.Dispatches;

/// <summary>All checks and statuses of a commit at one moment, and which App's are our own.</summary>
internal sealed record CommitChecks(ChecksSnapshot Snapshot, long? OwnAppId);

/// <summary>What GitHub says now of the commits that a rule waits for.</summary>
internal sealed class SourceCommits(RepositoryAccess access, ProviderStore providers)
{
    /// <exception cref="GitHubException">GitHub could not be asked, or does not let us see it.</exception>
    public async Task<CommitChecks> ReadChecksAsync(long providerId, long githubRepositoryId, string repositoryName, string sha, CancellationToken cancellation)
    {
        var repository = await FindAsync(providerId, githubRepositoryId, repositoryName, cancellation);
        var api = await access.OpenAsync(repository, cancellation, ("checks", "read"), ("statuses", "read"));
        var snapshot = await ReadChecks.RunAsync(api, repository.Owner, repository.Name, sha, cancellation);
        var provider = await providers.FindAsync(providerId, cancellation);
        return new CommitChecks(snapshot, provider?.AppId);
    }

    /// <summary>Why the commit is no longer what the branch or pull request holds; null where it is, or where a newer one stands on it.</summary>
    public async Task<string?> FindMovedAsync(long providerId, long githubRepositoryId, string repositoryName, string reference, string sha, CancellationToken cancellation)
    {
        const string Branches = "refs/heads/", Pulls = "refs/pull/";
        try
        {
            var repository = await FindAsync(providerId, githubRepositoryId, repositoryName, cancellation);
            if (reference.StartsWith(Pulls, StringComparison.Ordinal) && long.TryParse(reference[Pulls.Length..].Split('/')[0], out var number))
            {
                var pull = await (await access.OpenAsync(repository, cancellation, ("pull_requests", "read"))).PullRequests.GetAsync(repository.Owner, repository.Name, number, cancellation);
                return pull?.Head?.Sha is { } head && head != sha ? $"Pull request #{number} has moved on to {Short(head)}." : null;
            }

            if (!reference.StartsWith(Branches, StringComparison.Ordinal))
            {
                return null;
            }

            var api = await access.OpenAsync(repository, cancellation, ("contents", "read"));
            var branch = reference[Branches.Length..];
            if ((await api.GetRefAsync(repository.Owner, repository.Name, "heads/" + branch, cancellation))?.Object?.Sha is not { } tip)
            {
                return $"Branch {branch} was deleted.";
            }

            // A newer commit that no rule asked for (a change of the documentation, say) does not take the older one back.
            return tip == sha || (await api.Files.CompareAsync(repository.Owner, repository.Name, sha, tip, cancellation)).Status is "ahead" or "identical"
                ? null
                : $"Branch {branch} no longer holds {Short(sha)}: its history was rewritten to {Short(tip)}.";
        }
        catch (GitHubException failure) when (failure.Kind is GitHubErrorKind.NotFound or GitHubErrorKind.PermissionMissing or GitHubErrorKind.NotGranted)
        {
            // What cannot be seen does not hold anything up; the target will say what it thinks of the commit.
            return null;
        }
    }

    private async Task<AccessibleRepository> FindAsync(long providerId, long githubRepositoryId, string repositoryName, CancellationToken cancellation)
    {
        var answer = await access.FindAsync(providerId, githubRepositoryId, repositoryName, cancellation);
        return answer.Found ?? throw new GitHubException(GitHubErrorKind.NotFound, $"{answer.Reason} {answer.NextStep}");
    }

    private static string Short(string sha) => sha[..Math.Min(7, sha.Length)];
}
