using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Connection;

/// <summary>An open connection to GitHub, and which installation it speaks for.</summary>
/// <param name="connection">Disposed with this.</param>
/// <param name="name">Whose credentials these are, for messages.</param>
/// <param name="installationId">Given by the person; otherwise looked up for each owner or repository.</param>
internal sealed class GitHubAccess(GitHubConnection connection, string name, long? installationId) : IDisposable
{
    public static readonly IReadOnlyDictionary<string, string> ReadContents =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["contents"] = "read", ["metadata"] = "read" };

    private static readonly IReadOnlyDictionary<string, string> ReadMetadata =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata"] = "read" };

    public GitHubConnection Connection => connection;

    public bool IsApp => connection.IsApp;

    public string Name => name;

    /// <summary>The name at the beginning of a sentence.</summary>
    public string Subject => char.ToUpperInvariant(name[0]) + name[1..];

    public long? InstallationId => installationId;

    /// <summary>The token is the one that Actions makes for a job.</summary>
    public bool IsAutomatic { get; init; }

    public PemAppSigner? Signer { get; init; }

    /// <summary>The installation for a repository, or for an owner where no repository is named; null with a token.</summary>
    public async Task<long?> InstallationOfAsync(string owner, string? repository, CancellationToken cancellation)
    {
        if (!IsApp || installationId is not null)
        {
            return installationId;
        }

        // The owner's as well for a repository: it may have had another name, which only the repository's own address follows.
        var found = (repository is null ? null : await connection.App.FindRepositoryInstallationAsync(owner, repository, cancellation))
            ?? await connection.App.FindOwnerInstallationAsync(owner, cancellation);
        if (found is null)
        {
            await RequireAppAsync(cancellation);
        }

        return found?.Id ?? throw new CommandProblem(
            ExitCode.NotFound,
            "NotInstalled",
            $"{Subject} is not installed on {owner}, or there is no such account: GitHub answers the same for both. An owner of {owner} can install it.");
    }

    /// <summary>The credentials name an App that GitHub does not have.</summary>
    public CommandProblem UnknownApp(string said) => new(
        ExitCode.Authentication, "UnknownApp", $"GitHub at {connection.Host} does not know {name}: it answered 404 {said}. Check the App's id, and that it was made on that host.");

    /// <summary>A token of the installation, narrowed; an App is needed.</summary>
    public ValueTask<InstallationToken> MintAsync(long installation, TokenScope scope, CancellationToken cancellation) =>
        (connection.Tokens ?? throw new InvalidOperationException("A token cannot make tokens.")).GetAsync(installation, scope, cancellation);

    /// <summary>The repository as it is called today; looking costs a token that may read no more than names.</summary>
    public async Task<(GitHubRepository Repository, long? Installation)> FindAsync(string owner, string repository, CancellationToken cancellation)
    {
        var installation = await InstallationOfAsync(owner, repository, cancellation);
        var api = installation is { } id ? connection.Installation(id, new TokenScope(null, null, ReadMetadata)) : connection.Token();
        return (await api.GetRepositoryAsync(owner, repository, cancellation), installation);
    }

    /// <summary>A repository, to be spoken to directly.</summary>
    /// <param name="run">Who asks.</param>
    /// <param name="fullName">owner/name.</param>
    /// <param name="permissions">No more than these; a token has those that it was made with.</param>
    public async Task<DirectRepository> OpenAsync(Invocation run, string fullName, IReadOnlyDictionary<string, string> permissions, CancellationToken cancellation)
    {
        var (owner, name) = Split(fullName);
        RequireReach(run, $"{owner}/{name}");
        var (repository, installation) = await FindAsync(owner, name, cancellation);
        return new DirectRepository(this, repository, installation, permissions);
    }

    /// <summary>As whom runs are started; null where GitHub does not tell.</summary>
    public async Task<string?> LoginAsync(CancellationToken cancellation)
    {
        if (IsAutomatic)
        {
            return "github-actions[bot]";
        }

        try
        {
            return IsApp ? (await connection.App.GetAppAsync(cancellation)).Slug + "[bot]" : await UserAsync(cancellation);
        }
        catch (GitHubException)
        {
            // It narrows a search, no more.
            return null;
        }
    }

    /// <summary>The token that Actions makes for a job ends at its own repository; GitHub would only say "not found".</summary>
    private void RequireReach(Invocation run, string fullName)
    {
        if (IsAutomatic && run.Terminal.Environment("GITHUB_REPOSITORY") is { } own && !own.Equals(fullName, StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandProblem(
                ExitCode.Authentication,
                "AutomaticToken",
                $"The automatic GITHUB_TOKEN of Actions reaches {own} only: it cannot start workflows in {fullName}, or write to it. Give an App that is installed on {fullName} "
                + "(SWITCHYARD_APP_ID and SWITCHYARD_PRIVATE_KEY from variables and secrets), or a fine-grained token for it in SWITCHYARD_GITHUB_TOKEN.",
                new NextStep("All variables", Command: "switchyard help environment"));
        }
    }

    private async Task<string?> UserAsync(CancellationToken cancellation)
    {
        var response = await connection.Token().SendAsync("GET", "user", null, cancellation);
        return response.Status == 200 ? Members.At(JsonNode.Parse(response.Body.Span), "login") : null;
    }

    /// <summary><c>owner/name</c> as two parts.</summary>
    public static (string Owner, string Name) Split(string fullName) =>
        fullName.Split('/') is [{ Length: > 0 } owner, { Length: > 0 } repository] && IsName(owner) && IsName(repository)
            ? (owner, repository.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? repository[..^4] : repository)
            : throw CommandProblem.Usage($"\"{fullName}\" names no repository. Write owner/name.");

    /// <summary>GitHub says "not found" for an App that it does not know as well; then it is the credentials that are wrong.</summary>
    private async Task RequireAppAsync(CancellationToken cancellation)
    {
        try
        {
            await connection.App.GetAppAsync(cancellation);
        }
        catch (GitHubException unknown) when (unknown.Kind == GitHubErrorKind.NotFound)
        {
            throw UnknownApp($"\"{unknown.GitHubMessage}\"");
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        Signer?.Dispose();
    }

    // What GitHub allows in names; anything else would change the meaning of an address.
    private static bool IsName(string text) => text is not ("." or "..") && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}
