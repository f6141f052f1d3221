using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches;

/// <summary>The repositories that rules start something in: by which installation they are reached, and whether they may be.</summary>
internal sealed class TargetAccess(RepositoryAccess access)
{
    /// <summary>By name: the repository with its installation and what that grants, or why it cannot be used.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public Task<AccessAnswer> FindAsync(long providerId, string fullName, CancellationToken cancellation) => access.FindAsync(providerId, fullName, cancellation);

    /// <summary>
    /// The target of a Dispatch. One that was renamed keeps its id; one that was deleted and made again under its name is what the
    /// rule names, so it is taken.
    /// </summary>
    public async Task<AccessAnswer> FindAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        if (dispatch.TargetGithubId is { } id && await access.FindAsync(dispatch.ProviderId, id, dispatch.TargetName, cancellation) is { Found: not null } known)
        {
            return known;
        }

        return await access.FindAsync(dispatch.ProviderId, dispatch.TargetName, cancellation);
    }

    public void Forget(Dispatch dispatch) => access.Forget(dispatch.ProviderId, dispatch.TargetName);

    /// <summary>Calls with a token that can do this one thing in this one repository.</summary>
    public ValueTask<InstallationApi> OpenAsync(AccessibleRepository target, CancellationToken cancellation, params (string Permission, string Level)[] permissions) =>
        access.OpenAsync(target, cancellation, permissions);

    /// <summary>Why the rule may not start anything there, and what to do; null where it may.</summary>
    public static string? Refusal(RuleFileScope scope, string fullName) => Targets.Refusal(scope, fullName);
}
