using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Server.Access;
using Switchyard.Server.Providers;

namespace Switchyard.Server.SignIn;

/// <summary>What a person may be here. No grant and <c>Uncertain</c>: GitHub could not be asked about one that may fit.</summary>
internal sealed record Standing(Grant? Grant, bool Uncertain, string Detail)
{
    public Role? Role => Grant is null ? null : Enum.Parse<Role>(Grant.Role);
}

/// <summary>
/// Holds the grants against what GitHub says of a person. The App itself asks (<c>members: read</c>), so no token of a person has to
/// be kept, and it can be asked again while they are away. What cannot be read counts as not so.
/// </summary>
internal sealed class MembershipCheck(GrantStore grants, ProviderStore providers, ProviderConnections connections)
{
    private static readonly TokenScope Scope = new(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["members"] = "read" });

    public async Task<Standing> OfAsync(long providerId, long githubId, string login, CancellationToken cancellation)
    {
        var (best, uncertain, said) = ((Grant?)null, false, new List<string>());
        var installations = await providers.ListInstallationsAsync(providerId, cancellation);
        foreach (var grant in (await grants.ListAsync(providerId, cancellation)).OrderByDescending(grant => Enum.Parse<Role>(grant.Role)))
        {
            // The highest first: what comes after it can give no more.
            try
            {
                if (await FitsAsync(grant, installations, githubId, login, cancellation))
                {
                    best = grant;
                    break;
                }

                said.Add($"{Name(grant)}: no");
            }
            catch (Exception failed) when (failed is GitHubException or Vault.VaultException or SignInException)
            {
                uncertain = true;
                said.Add($"{Name(grant)}: {failed.Message}");
            }
        }

        if (best is { Kind: GrantKind.User, GithubId: null })
        {
            await grants.PinAsync(best.Id, githubId, cancellation);
        }

        return new Standing(best, uncertain && best is null, best is null ? string.Join("; ", said.DefaultIfEmpty("there is no grant for this provider")) : Name(best));
    }

    /// <summary>What the person of this id is called now; null where the account is gone.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public async Task<string?> LoginOfAsync(long providerId, long githubId, CancellationToken cancellation)
    {
        var installation = (await providers.ListInstallationsAsync(providerId, cancellation)).Find(one => one.State == InstallationState.Active)
            ?? throw new SignInException("The App is installed nowhere, so GitHub cannot be asked who belongs to what.");
        var api = (await connections.GetAsync(providerId, cancellation)).Installation(installation.GithubId, new TokenScope(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata"] = "read" }));
        return (await api.Members.FindUserAsync(githubId, cancellation))?.Login;
    }

    private static string Name(Grant grant) => grant.Kind == GrantKind.Team ? $"team {grant.Account}/{grant.Team} as {grant.Role}" : $"{grant.Kind} {grant.Account} as {grant.Role}";

    private async Task<bool> FitsAsync(Grant grant, List<InstallationRow> installations, long githubId, string login, CancellationToken cancellation)
    {
        if (grant.Kind == GrantKind.User)
        {
            return grant.GithubId is { } id ? id == githubId : grant.Account.Equals(login, StringComparison.OrdinalIgnoreCase);
        }

        var installation = installations.Find(one => one.State == InstallationState.Active && one.AccountLogin.Equals(grant.Account, StringComparison.OrdinalIgnoreCase))
            ?? throw new SignInException($"The App is not installed on {grant.Account}, so its members cannot be read.");
        var members = (await connections.GetAsync(grant.ProviderId, cancellation)).Installation(installation.GithubId, Scope).Members;
        return grant.Kind == GrantKind.Team
            ? await members.IsTeamMemberAsync(grant.Account, grant.Team, login, cancellation)
            : await members.IsMemberAsync(grant.Account, login, cancellation);
    }
}

/// <summary>Why a person cannot be signed in, or cannot stay; for administrators.</summary>
internal sealed class SignInException(string message) : Exception(message);
