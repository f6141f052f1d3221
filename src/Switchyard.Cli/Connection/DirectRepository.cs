using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Connection;

/// <summary>A repository on GitHub as it is called today, spoken to without a server.</summary>
internal sealed class DirectRepository(GitHubAccess access, GitHubRepository repository, long? installation, IReadOnlyDictionary<string, string> permissions)
{
    private readonly (string Owner, string Name) name = GitHubAccess.Split(repository.FullName);

    public string Owner => name.Owner;

    public string Name => name.Name;

    public string FullName => repository.FullName;

    public string DefaultBranch => repository.DefaultBranch ?? "main";

    /// <summary>Calls with the permissions that were asked for.</summary>
    public InstallationApi Api { get; } = Calls(access, repository, installation, permissions);

    /// <summary>Calls with other permissions: where one is missing, only what needs it fails.</summary>
    public InstallationApi With(string permission, string level) =>
        Calls(access, repository, installation, new Dictionary<string, string>(StringComparer.Ordinal) { [permission] = level });

    /// <summary>A page of the repository.</summary>
    public string Page(string path) => $"{access.Connection.Host.Web.AbsoluteUri.TrimEnd('/')}/{FullName}/{path}";

    /// <summary>The moment by GitHub's clock, in whole seconds and not later than now.</summary>
    public DateTimeOffset GitHubNow(TimeProvider time) => time.GetUtcNow() + access.Connection.ClockSkew - TimeSpan.FromSeconds(2);

    private static InstallationApi Calls(GitHubAccess access, GitHubRepository repository, long? installation, IReadOnlyDictionary<string, string> permissions) =>
        installation is { } id ? access.Connection.Installation(id, new TokenScope([repository.Id], null, permissions)) : access.Connection.Token();
}
