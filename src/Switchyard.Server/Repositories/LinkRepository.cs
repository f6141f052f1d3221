using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Providers;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>The provider or the repository to link is not there; the message says why and what to do.</summary>
internal sealed class LinkException(string member, string message, NextStep next) : Exception(message)
{
    /// <summary>The member of the request that is wrong.</summary>
    public string Member => member;

    public NextStep Next => next;
}

/// <summary>The repository is still being taken out of the hub; it can be linked when that is done.</summary>
internal sealed class StillUnlinkingException(Repository repository) : Exception($"{repository.FullName} is still being unlinked. Try again in a moment.")
{
    public NextStep Next => new("Link it", Command: $"switchyard repo link {repository.FullName} --provider {repository.Provider}");
}

/// <summary>Links one repository by its name: the only way with a token that stands in for an App, a shortcut with an App.</summary>
internal sealed class LinkRepository(Database database, RepositoryStore repositories, ProviderConnections connections, Lanes lanes)
{
    public async Task<long> RunAsync(string provider, string owner, string name, CancellationToken cancellation)
    {
        var providerId = await database.ReadAsync(session => session.FirstAsync<long?>("select id from providers where slug = @provider", new { provider }), cancellation)
            ?? throw new LinkException("/provider", $"There is no provider \"{provider}\".", new NextStep("List providers", "/api/v1/providers", "switchyard provider list"));
        var connection = await connections.GetAsync(providerId, cancellation);
        var (installation, found) = connection.IsApp
            ? await FindThroughAppAsync(connection, providerId, owner, name, cancellation)
            : (null, await connection.Token().GetRepositoryAsync(owner, name, cancellation));
        var id = await database.WriteAsync(
            async session => (await repositories.LinkAsync(session, providerId, installation, GitHubOrigin.OriginOf(found), WishSource.Link, byName: true))!.Value, cancellation);
        lanes.Kick<SyncLane>(SyncLane.LaneOf(id));
        return id;
    }

    private async Task<(long? Row, GitHubRepository Repository)> FindThroughAppAsync(GitHubConnection connection, long providerId, string owner, string name, CancellationToken cancellation)
    {
        var installation = await connection.App.FindRepositoryInstallationAsync(owner, name, cancellation)
            ?? throw new LinkException(
                "/repository",
                $"The App is not installed on {owner}/{name}, or may not see it. Install it there; its repositories are then linked by themselves.",
                new NextStep("Where it is installed", "/api/v1/installations", "switchyard provider installations"));
        var row = await database.ReadAsync(
            session => session.FirstAsync<long?>("select id from installations where provider_id = @providerId and github_id = @Id", new { providerId, installation.Id }), cancellation)
            ?? throw new LinkException(
                "/repository",
                $"The installation on {owner} is not listed here yet.",
                new NextStep("List installations again", Command: "switchyard provider installations --sync"));
        return (row, await connection.Installation(installation.Id, TokenScope.All).GetRepositoryAsync(owner, name, cancellation));
    }
}
