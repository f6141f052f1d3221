using System.Globalization;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// Who belongs to an organisation and its teams, as the App sees it (<c>members: read</c>). Every method may throw
/// <see cref="GitHubException"/>: that it could not be read is not that a person does not belong.
/// </summary>
public sealed class MembersApi
{
    private const string Need = "members=read";
    private readonly ApiCaller caller;

    internal MembersApi(ApiCaller caller) => this.caller = caller.Needing(Need);

    /// <summary>The person of this id as they are called now, or null where the account is gone.</summary>
    public Task<GitHubAccount?> FindUserAsync(long id, CancellationToken cancellation = default) =>
        caller.FindAsync($"user/{id.ToString(CultureInfo.InvariantCulture)}", $"read the account {id}", GitHubJson.Default.GitHubAccount, cancellation);

    /// <summary>Whether the person is a member; an invitation that was not accepted is none.</summary>
    public async Task<bool> IsMemberAsync(string organization, string login, CancellationToken cancellation = default) =>
        await caller.FindAsync(
            $"orgs/{ApiCaller.Segment(organization)}/memberships/{ApiCaller.Segment(login)}", $"read whether {login} is a member of {organization}", GitHubJson.Default.MembershipAnswer, cancellation) is { State: "active" };

    /// <summary>Whether the person is in the team, or in one below it.</summary>
    public async Task<bool> IsTeamMemberAsync(string organization, string team, string login, CancellationToken cancellation = default) =>
        await caller.FindAsync(
            $"orgs/{ApiCaller.Segment(organization)}/teams/{ApiCaller.Segment(team)}/memberships/{ApiCaller.Segment(login)}",
            $"read whether {login} is in the team {organization}/{team}",
            GitHubJson.Default.MembershipAnswer,
            cancellation) is { State: "active" };

    /// <summary>
    /// Whether the person may read the repository, by whatever way; false where either is gone. Asked by numeric id, as the
    /// repository's name may be another one's by now; a login that is another person's by now reads nothing.
    /// </summary>
    /// <param name="repositoryId">GitHub's.</param>
    /// <param name="login">As the person is called now.</param>
    /// <param name="userId">GitHub's id of that person.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<bool> MayReadAsync(long repositoryId, string login, long userId, CancellationToken cancellation = default) =>
        await caller.Needing("metadata=read").FindAsync(
            $"repositories/{repositoryId.ToString(CultureInfo.InvariantCulture)}/collaborators/{ApiCaller.Segment(login)}/permission",
            $"read whether {login} may read the repository {repositoryId}",
            GitHubJson.Default.PermissionAnswer,
            cancellation) is { Permission: "read" or "write" or "admin", User: { } user } && user.Id == userId;
}

internal sealed record PermissionAnswer(string? Permission, GitHubAccount? User);

internal sealed record MembershipAnswer(string? State, string? Role);
