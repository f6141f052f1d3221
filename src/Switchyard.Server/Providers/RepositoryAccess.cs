using System.Collections.Concurrent;
using System.Text.Json;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>A repository that something may be asked of, and by whose leave.</summary>
internal sealed record AccessibleRepository
{
    public required long ProviderId { get; init; }

    public required long GithubId { get; init; }

    public required string Owner { get; init; }

    public required string Name { get; init; }

    public string? DefaultBranch { get; init; }

    /// <summary>GitHub's id of the installation; null with a token that stands in for an App.</summary>
    public long? InstallationId { get; init; }

    /// <summary>Of <see cref="Providers.InstallationState"/>.</summary>
    public string InstallationState { get; init; } = Providers.InstallationState.Active;

    /// <summary>What the installation grants, name to <c>read</c> or <c>write</c>; null where that is not known (a token).</summary>
    public IReadOnlyDictionary<string, string>? Permissions { get; init; }

    public string? InstallationReason { get; init; }

    public string FullName => $"{Owner}/{Name}";

    /// <summary>Whether the permission is granted at that level; true where it is not known.</summary>
    public bool Grants(string permission, string level) => Permissions is null || Covers(Permissions, permission, level);

    /// <summary>A higher level holds the lower ones.</summary>
    public static bool Covers(IReadOnlyDictionary<string, string> granted, string permission, string level) =>
        granted.TryGetValue(permission, out var has) && (has == level || (has is "write" or "admin" && level == "read"));
}

/// <summary>A repository that was looked for: found, or why it was not and what to do.</summary>
internal sealed record AccessAnswer(AccessibleRepository? Found, string? Reason = null, string? NextStep = null);

/// <summary>
/// Finds the installation through which a repository can be used: a mirrored one by its row, any other by asking GitHub, which
/// follows renames. What GitHub said is kept for a minute.
/// </summary>
internal sealed class RepositoryAccess(Database database, ProviderStore providers, ProviderConnections connections, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private static readonly TokenScope MayRead = new(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata"] = "read" });

    private readonly ConcurrentDictionary<(long, string), (DateTimeOffset Until, AccessAnswer Answer)> answers = new();

    /// <summary>By name; an old name leads to the renamed repository.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public async Task<AccessAnswer> FindAsync(long providerId, string fullName, CancellationToken cancellation)
    {
        if (fullName.Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
        {
            return new AccessAnswer(null, $"\"{fullName}\" names no repository.", "Write it as owner/name.");
        }

        if (await database.ReadAsync(session => FindMirroredAsync(session, providerId, fullName), cancellation) is { } mirrored)
        {
            return new AccessAnswer(mirrored);
        }

        var key = (providerId, fullName.ToLowerInvariant());
        if (answers.TryGetValue(key, out var kept) && kept.Until > time.GetUtcNow())
        {
            return kept.Answer;
        }

        var answer = await AskAsync(providerId, owner, name, cancellation);
        answers[key] = (time.GetUtcNow() + Kept, answer);
        return answer;
    }

    /// <summary>By GitHub's numeric id, with the name it was last known by for one that is not mirrored.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public async Task<AccessAnswer> FindAsync(long providerId, long githubId, string lastName, CancellationToken cancellation)
    {
        var mirrored = await database.ReadAsync(session => FirstAsync(session, "r.github_id = @githubId", new { providerId, githubId }), cancellation);
        if (mirrored is not null)
        {
            return new AccessAnswer(mirrored);
        }

        var answer = await FindAsync(providerId, lastName, cancellation);
        return answer.Found is { } found && found.GithubId != githubId
            ? new AccessAnswer(null, $"{lastName} is another repository now (id {found.GithubId} instead of {githubId}).", "It was deleted and made again, or its name was given away.")
            : answer;
    }

    /// <summary>A mirrored repository by its name, within a transaction; null where GitHub must be asked.</summary>
    public static Task<AccessibleRepository?> FindMirroredAsync(DbSession session, long providerId, string fullName) =>
        FirstAsync(session, "lower(r.owner) = lower(@owner) and lower(r.name) = lower(@name)", new { providerId, owner = fullName.Split('/')[0], name = fullName.Split('/')[^1] });

    /// <summary>What was said is asked again: it turned out to be no longer so.</summary>
    public void Forget(long providerId, string fullName) => answers.TryRemove((providerId, fullName.ToLowerInvariant()), out _);

    /// <summary>Calls for the repository with these permissions and no others.</summary>
    public async ValueTask<InstallationApi> OpenAsync(AccessibleRepository repository, CancellationToken cancellation, params (string Permission, string Level)[] permissions)
    {
        var connection = await connections.GetAsync(repository.ProviderId, cancellation);
        return connection.IsApp && repository.InstallationId is { } installation
            ? connection.Installation(installation, new TokenScope([repository.GithubId], null, permissions.Append(("metadata", "read")).ToDictionary(StringComparer.Ordinal)))
            : connection.Token();
    }

    private static async Task<AccessibleRepository?> FirstAsync(DbSession session, string where, object parameters)
    {
        var row = await session.FirstAsync<Row>(
            $"""
            select r.provider_id, r.github_id, r.owner, r.name, r.default_branch, i.github_id as installation_id, i.state, i.permissions, i.reason
            from repositories r left join installations i on i.id = r.installation_id
            where r.provider_id = @providerId and r.linked = 1 and r.unlinked = 0 and coalesce(i.state, 'Active') <> 'Removed' and {where}
            order by r.id desc limit 1
            """,
            parameters);
        return row is null
            ? null
            : new AccessibleRepository
            {
                ProviderId = row.ProviderId,
                GithubId = row.GithubId,
                Owner = row.Owner,
                Name = row.Name,
                DefaultBranch = row.DefaultBranch,
                InstallationId = row.InstallationId,
                InstallationState = row.State ?? InstallationState.Active,
                Permissions = row.Permissions is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Permissions),
                InstallationReason = row.Reason,
            };
    }

    private async Task<AccessAnswer> AskAsync(long providerId, string owner, string name, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(providerId, cancellation);
        GitHubInstallation? installation = null;
        if (connection.IsApp && (installation = await connection.App.FindRepositoryInstallationAsync(owner, name, cancellation)) is null)
        {
            var provider = await providers.FindAsync(providerId, cancellation);
            return new AccessAnswer(
                null,
                $"The App {provider?.AppSlug ?? provider?.Name} cannot see {owner}/{name}: it is not installed there, or there is no such repository.",
                $"Check the name, and have an owner of {owner} give the App access to it: {connection.Host.Web.AbsoluteUri.TrimEnd('/')}/apps/{provider?.AppSlug}/installations/new");
        }

        var reason = installation?.SuspendedAt is { } at ? InstallationReason.Suspended(installation.Account?.Login ?? owner, installation.SuspendedBy?.Login, at) : null;
        if (reason is not null)
        {
            // A suspended installation gives no token, so the rest cannot be asked.
            return new AccessAnswer(Of(0, owner, name, null));
        }

        try
        {
            var api = installation is null ? connection.Token() : connection.Installation(installation.Id, MayRead);
            var found = await api.GetRepositoryAsync(owner, name, cancellation);
            return new AccessAnswer(Of(found.Id, found.FullName.Split('/')[0], found.Name, found.DefaultBranch));
        }
        catch (GitHubException failure) when (failure.Kind is GitHubErrorKind.NotFound or GitHubErrorKind.PermissionMissing)
        {
            return new AccessAnswer(null, $"{owner}/{name} cannot be read: {failure.Message}", "Check the name and what the App or token has access to.");
        }

        AccessibleRepository Of(long id, string realOwner, string realName, string? branch) => new()
        {
            ProviderId = providerId,
            GithubId = id,
            Owner = realOwner,
            Name = realName,
            DefaultBranch = branch,
            InstallationId = installation?.Id,
            InstallationState = reason is null ? InstallationState.Active : InstallationState.Suspended,
            InstallationReason = reason,
            Permissions = installation?.Permissions,
        };
    }

    private sealed record Row
    {
        public long ProviderId { get; init; }

        public long GithubId { get; init; }

        public string Owner { get; init; } = "";

        public string Name { get; init; } = "";

        public string? DefaultBranch { get; init; }

        public long? InstallationId { get; init; }

        public string? State { get; init; }

        public string? Permissions { get; init; }

        public string? Reason { get; init; }
    }
}
