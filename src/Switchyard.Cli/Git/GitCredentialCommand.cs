using System.CommandLine;
using System.Globalization;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Apps;

namespace Switchyard.Cli.Git;

/// <summary>
/// A credential helper for git: <c>credential.helper = !switchyard git-credential</c>. Answers for the host it has
/// credentials for, stays silent for others, and stores nothing.
/// </summary>
internal sealed class GitCredentialCommand : Command
{
    private readonly Argument<string> operation = new("operation") { Description = "get, store or erase, as git says" };
    private readonly Option<string[]> permissions = PermissionOption.Create();
    private readonly GitHubOptions github = new();

    public GitCredentialCommand(Shell shell)
        : base("git-credential", "Give git a token when it asks (credential.helper)")
    {
        Add(operation);
        Add(permissions);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        // What is not "get" is to be ignored (git-credential(7)); a token made here is not worth keeping.
        if (run.Get(operation) != "get")
        {
            return ExitCode.Ok;
        }

        var request = await CredentialRequest.ReadAsync(run.Terminal.In, cancellation);
        if (!request.IsFor(github.Host(run).Web))
        {
            return ExitCode.Ok;
        }

        using var access = await github.OpenAsync(run, cancellation);
        if (!access.IsApp)
        {
            Answer(run, await access.Connection.GitTokenAsync(null, TokenScope.All, cancellation), null);
            return ExitCode.Ok;
        }

        var token = await MintAsync(access, request, PermissionOption.Of(run.Get(permissions)), cancellation);
        Answer(run, token.Value, token.ExpiresAt);
        return ExitCode.Ok;
    }

    private static async Task<InstallationToken> MintAsync(GitHubAccess access, CredentialRequest request, IReadOnlyDictionary<string, string> permissions, CancellationToken cancellation)
    {
        if (request.Repository() is var (owner, name))
        {
            var (repository, installation) = await access.FindAsync(owner, name, cancellation);
            return await access.MintAsync(installation!.Value, new TokenScope([repository.Id], null, permissions), cancellation);
        }

        var only = access.InstallationId ?? await OnlyInstallationAsync(access, request, cancellation);
        return await access.MintAsync(only, new TokenScope(null, null, permissions), cancellation);
    }

    private static async Task<long> OnlyInstallationAsync(GitHubAccess access, CredentialRequest request, CancellationToken cancellation)
    {
        var found = new List<long>();
        await foreach (var installation in access.Connection.App.ListInstallationsAsync(cancellation))
        {
            found.Add(installation.Id);
        }

        return found.Count == 1
            ? found[0]
            : throw CommandProblem.Usage(
                $"git did not say for which repository it needs a token, and the App has {found.Count} installations.",
                new NextStep("Let git say it", Command: $"git config --global credential.{request.Protocol}://{request.Host}.useHttpPath true"));
    }

    private static void Answer(Invocation run, string token, DateTimeOffset? expiresAt)
    {
        // The user name that GitHub documents for installation tokens; any works with personal ones.
        run.Terminal.Out.Write($"username=x-access-token\npassword={token}\n");
        if (expiresAt is { } end)
        {
            run.Terminal.Out.Write($"password_expiry_utc={end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}\n");
        }
    }
}
