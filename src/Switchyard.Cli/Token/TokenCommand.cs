using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;

namespace Switchyard.Cli.Token;

/// <summary>Prints a GitHub token for an installation, narrowed to what it is needed for, valid for an hour.</summary>
internal sealed class TokenCommand : Command
{
    private readonly Option<string?> owner = new("--installation") { Description = "The owner the App is installed on", HelpName = "OWNER" };
    private readonly Option<string[]> repositories = new("--repo") { Description = "Only these repositories, owner/name; may be repeated", HelpName = "R" };
    private readonly Option<string[]> permissions = PermissionOption.Create();
    private readonly GitHubOptions github = new();

    public TokenCommand(Shell shell)
        : base("token", "A short-lived GitHub token of the App, narrowed to repositories and permissions")
    {
        Add(owner);
        Add(repositories);
        Add(permissions);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var (account, names) = Target(run);
        using var access = await github.OpenAsync(run, cancellation);
        if (!access.IsApp)
        {
            throw new CommandProblem(
                ExitCode.Authentication, "NotAnApp", $"Only a GitHub App can make tokens, and {access.Name} is a token itself. Give an App: --app-id ID --private-key FILE.");
        }

        var scope = new TokenScope(null, names.Count == 0 ? null : names, PermissionOption.Of(run.Get(permissions)));
        var installation = account is null
            ? access.InstallationId ?? throw CommandProblem.Usage("Say for what the token is: --installation OWNER, --repo owner/name, or --installation-id ID.")
            : await access.InstallationOfAsync(account, names.Count > 0 ? names[0] : null, cancellation);
        var token = await MintAsync(access, installation!.Value, scope, account, names, cancellation);
        run.Printer.Result(
            new JsonObject
            {
                ["token"] = token.Value,
                ["expiresAt"] = token.ExpiresAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["installationId"] = installation.Value.ToString(CultureInfo.InvariantCulture),
                ["repositories"] = new JsonArray([.. names.Select(name => JsonValue.Create($"{account}/{name}"))]),
                ["permissions"] = new JsonObject(scope.Permissions!.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            },
            token.Value);
        if (run.Terminal.OutIsTty)
        {
            run.Printer.Say($"Valid until {token.ExpiresAt.UtcDateTime:u}: {scope}.");
        }

        return ExitCode.Ok;
    }

    /// <summary>GitHub's refusal does not tell a repository that the App does not see from a permission that it does not have.</summary>
    private static async Task<InstallationToken> MintAsync(GitHubAccess access, long installation, TokenScope scope, string? owner, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        try
        {
            return await access.MintAsync(installation, scope, cancellation);
        }
        catch (GitHubException refused) when (refused.Kind == GitHubErrorKind.NotGranted && owner is not null)
        {
            foreach (var name in names)
            {
                if (await access.Connection.App.FindRepositoryInstallationAsync(owner, name, cancellation) is null)
                {
                    throw CommandProblem.NotFound(
                        $"{access.Subject} sees no repository {owner}/{name}: there is none of that name, or its installation does not include it. GitHub answers the same for both. An owner of {owner} can add it to the installation.");
                }
            }

            throw;
        }
    }

    private (string? Owner, IReadOnlyList<string> Names) Target(Invocation run)
    {
        var parts = (run.Get(repositories) ?? [])
            .Select(text => text.Contains('/', StringComparison.Ordinal) || run.Get(owner) is not { } prefix ? text : prefix + "/" + text)
            .Select(GitHubAccess.Split)
            .ToList();
        var owners = parts.Select(part => part.Owner).Concat(run.Get(owner) is { } named ? [named] : []).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return owners.Count <= 1
            ? (owners.FirstOrDefault(), parts.ConvertAll(part => part.Name))
            : throw CommandProblem.Usage($"A token belongs to one installation, and {string.Join(" and ", owners)} are several owners. Ask for one token each.");
    }
}
