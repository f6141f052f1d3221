using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>A linked repository, as far as it is a source of Signals. The rows are those of Repositories, which is a higher feature.</summary>
internal sealed record LinkedRepository
{
    public long ProviderId { get; init; }

    public long GithubId { get; init; }

    /// <summary>GitHub's id of the installation; null with a token that stands in for an App.</summary>
    public long? InstallationGithubId { get; init; }

    /// <summary>The App's id; null with a token.</summary>
    public long? AppId { get; init; }

    public string Owner { get; init; } = "";

    public string Name { get; init; } = "";

    public string? DefaultBranch { get; init; }

    public string? HtmlUrl { get; init; }

    public long Private { get; init; }

    public string FullName => $"{Owner}/{Name}";

    public SourceFacts ToFacts() => new() { Id = GithubId, Owner = Owner, Name = Name, DefaultBranch = DefaultBranch, HtmlUrl = HtmlUrl, Private = Private == 1 };
}

/// <summary>Reads linked repositories, and GitHub as their installation.</summary>
internal sealed class LinkedRepositories(Database database, ProviderConnections connections)
{
    public const string Unlinked = "No effect (the repository was unlinked here)";

    private const string Select =
        """
        select r.provider_id, r.github_id, i.github_id as installation_github_id, p.app_id, r.owner, r.name, r.default_branch, r.html_url, r.private
        from repositories r join providers p on p.id = r.provider_id left join installations i on i.id = r.installation_id
        where r.linked = 1 and r.unlinked = 0 and coalesce(i.state, 'Active') = 'Active'
        """;

    private static readonly Dictionary<string, string> ReadChecks = new(StringComparer.Ordinal) { ["checks"] = "read", ["statuses"] = "read", ["metadata"] = "read" };

    public Task<List<LinkedRepository>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<LinkedRepository>(Select + " order by r.id"), cancellation);

    /// <summary>Null where it is not linked, or its installation is suspended.</summary>
    public Task<LinkedRepository?> FindAsync(long providerId, long githubId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.FirstAsync<LinkedRepository>(Select + " and r.provider_id = @providerId and r.github_id = @githubId", new { providerId, githubId }), cancellation);

    public static Task<bool> IsUnlinkedAsync(DbSession session, long providerId, long githubId) =>
        session.ScalarAsync<bool>(
            "select exists (select 1 from repositories where provider_id = @providerId and github_id = @githubId and unlinked <> 0)", new { providerId, githubId });

    /// <summary>Calls with what reading the repository takes.</summary>
    public ValueTask<(GitHubConnection Connection, InstallationApi Api)> OpenAsync(LinkedRepository repository, CancellationToken cancellation) =>
        OpenAsync(repository, TokenScope.Read(repository.GithubId), cancellation);

    /// <summary>Calls with what reading checks and statuses takes.</summary>
    public ValueTask<(GitHubConnection Connection, InstallationApi Api)> OpenChecksAsync(LinkedRepository repository, CancellationToken cancellation) =>
        OpenAsync(repository, new TokenScope([repository.GithubId], null, ReadChecks), cancellation);

    private async ValueTask<(GitHubConnection Connection, InstallationApi Api)> OpenAsync(LinkedRepository repository, TokenScope scope, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(repository.ProviderId, cancellation);
        return (connection, connection.IsApp && repository.InstallationGithubId is { } installation ? connection.Installation(installation, scope) : connection.Token());
    }
}
