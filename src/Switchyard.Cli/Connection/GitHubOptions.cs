using System.CommandLine;
using System.Globalization;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;

namespace Switchyard.Cli.Connection;

/// <summary>
/// Direct mode: GitHub without a server, as an App or with a token. The command line wins over SWITCHYARD_*; an App wins
/// over a token of the environment.
/// </summary>
internal sealed class GitHubOptions
{
    private static readonly string[] TokenVariables = ["SWITCHYARD_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"];

    private readonly Option<string?> appId = new("--app-id") { Description = "The GitHub App (SWITCHYARD_APP_ID)", HelpName = "ID" };
    private readonly Option<string?> clientId = new("--client-id") { Description = "The same by its client id (SWITCHYARD_CLIENT_ID)", HelpName = "ID" };
    private readonly Option<string?> privateKey = new("--private-key") { Description = "File of its private key (SWITCHYARD_PRIVATE_KEY_FILE, or SWITCHYARD_PRIVATE_KEY with the PEM itself)", HelpName = "FILE" };
    private readonly Option<long?> installation = new("--installation-id") { Description = "The installation (SWITCHYARD_INSTALLATION_ID); looked up where nothing is said", HelpName = "ID" };
    private readonly Option<string?> apiUrl = new("--api-url") { Description = "REST address of the GitHub host (SWITCHYARD_API_URL)", HelpName = "URL" };
    private readonly Option<string?> webUrl = new("--web-url") { Description = "Web address of the GitHub host (SWITCHYARD_WEB_URL)", HelpName = "URL" };

    public void AddTo(Command command)
    {
        appId.Validators.Add(WholeNumber.From(1, long.MaxValue));
        installation.Validators.Add(WholeNumber.From(1, long.MaxValue));
        foreach (var option in (Option[])[appId, clientId, privateKey, installation, apiUrl, webUrl])
        {
            command.Add(option);
        }
    }

    /// <summary>Whether the command line itself names an App.</summary>
    public bool NamesApp(Invocation run) => run.Has(appId) || run.Has(clientId) || run.Has(privateKey);

    /// <summary>Whether a host is named, by options or environment.</summary>
    public bool NamesHost(Invocation run) =>
        run.Has(apiUrl) || run.Has(webUrl) || run.Terminal.Environment("SWITCHYARD_API_URL") is not null || run.Terminal.Environment("SWITCHYARD_WEB_URL") is not null;

    /// <summary>The options as they were given, with an absolute path, to be given again by a credential helper.</summary>
    public IReadOnlyList<string> Again(Invocation run)
    {
        var words = new List<string>();
        void Keep(Option option, string? value)
        {
            if (run.Has(option) && value is not null)
            {
                words.AddRange([option.Name, value]);
            }
        }

        Keep(appId, run.Get(appId));
        Keep(clientId, run.Get(clientId));
        Keep(privateKey, run.Get(privateKey) is { } file ? run.PathOf(file) : null);
        Keep(installation, run.Get(installation)?.ToString(CultureInfo.InvariantCulture));
        Keep(apiUrl, run.Get(apiUrl));
        Keep(webUrl, run.Get(webUrl));
        return words;
    }

    public GitHubHost Host(Invocation run)
    {
        var inActions = run.Terminal.Environment("GITHUB_ACTIONS") == "true";
        var web = run.Get(webUrl) ?? run.Terminal.Environment("SWITCHYARD_WEB_URL");
        var api = run.Get(apiUrl) ?? run.Terminal.Environment("SWITCHYARD_API_URL");
        if (web is null && api is null && inActions)
        {
            (web, api) = (run.Terminal.Environment("GITHUB_SERVER_URL"), run.Terminal.Environment("GITHUB_API_URL"));
        }

        try
        {
            return GitHubHost.Parse(api, web);
        }
        catch (ArgumentException wrong)
        {
            throw CommandProblem.Usage(wrong.Message);
        }
    }

    /// <summary>Opens the connection that options and environment stand for.</summary>
    /// <exception cref="CommandProblem">There are no credentials, or they cannot be used.</exception>
    public Task<GitHubAccess> OpenAsync(Invocation run, CancellationToken cancellation) => OpenAsync(run, Host(run), cancellation);

    /// <summary>The same for a host that is known otherwise.</summary>
    public async Task<GitHubAccess> OpenAsync(Invocation run, GitHubHost host, CancellationToken cancellation)
    {
        var terminal = run.Terminal;
        var options = new GitHubConnectionOptions { Time = terminal.Time };
        var issuer = run.Get(clientId) ?? run.Get(appId) ?? terminal.Environment("SWITCHYARD_CLIENT_ID") ?? NumberIn(terminal, "SWITCHYARD_APP_ID")?.ToString(CultureInfo.InvariantCulture);
        var pem = await KeyAsync(run, cancellation);
        if (issuer is not null && pem is not null)
        {
            var signer = Signer(pem);
            return new GitHubAccess(GitHubConnection.ForApp(new AppCredentials(host, issuer, signer), options), "the App " + issuer, InstallationId(run)) { Signer = signer };
        }

        if (NamesApp(run) || issuer is not null || pem is not null)
        {
            throw CommandProblem.Usage(
                issuer is null
                    ? "There is a private key, but not which App it belongs to. Add --app-id or --client-id (SWITCHYARD_APP_ID, SWITCHYARD_CLIENT_ID)."
                    : $"The App {issuer} has no private key here. Add --private-key FILE (SWITCHYARD_PRIVATE_KEY_FILE, or SWITCHYARD_PRIVATE_KEY with the PEM itself).");
        }

        foreach (var name in TokenVariables)
        {
            if (terminal.Environment(name) is { } token)
            {
                SayWhatActionsTokenCannot(run, name);
                return new GitHubAccess(GitHubConnection.ForToken(host, token, options), name, null) { IsAutomatic = IsAutomatic(run, name) };
            }
        }

        throw new CommandProblem(
            ExitCode.Authentication,
            "NoCredentials",
            "There are no credentials for GitHub. Give an App by --app-id ID --private-key FILE, or a token in SWITCHYARD_GITHUB_TOKEN.",
            new NextStep("All variables", Command: "switchyard help environment"));
    }

    private static bool IsAutomatic(Invocation run, string variable) =>
        run.Terminal.Environment("GITHUB_ACTIONS") == "true" && (variable == "GITHUB_TOKEN" || (variable == "GH_TOKEN" && run.Terminal.Environment(variable) == run.Terminal.Environment("GITHUB_TOKEN")));

    private static void SayWhatActionsTokenCannot(Invocation run, string variable)
    {
        if (IsAutomatic(run, variable))
        {
            run.Printer.Say(
                $"Using the automatic GITHUB_TOKEN of Actions. It reaches {run.Terminal.Environment("GITHUB_REPOSITORY") ?? "this repository"} only, and cannot start workflows in other repositories. "
                + "For more, give an App: SWITCHYARD_APP_ID and SWITCHYARD_PRIVATE_KEY from the repository's secrets.");
        }
    }

    private static PemAppSigner Signer(string pem)
    {
        try
        {
            return PemAppSigner.Parse(pem);
        }
        catch (FormatException wrong)
        {
            throw new CommandProblem(ExitCode.Authentication, "PrivateKey", wrong.Message);
        }
    }

    private async Task<string?> KeyAsync(Invocation run, CancellationToken cancellation)
    {
        if (run.Get(privateKey) is { } file)
        {
            return await SecretInput.ReadAsync(run, file, privateKey.Name, cancellation);
        }

        // Many places that hold variables cannot hold line breaks.
        return run.Terminal.Environment("SWITCHYARD_PRIVATE_KEY")?.Replace("\\n", "\n", StringComparison.Ordinal)
            ?? await SecretInput.ReadAsync(run, run.Terminal.Environment("SWITCHYARD_PRIVATE_KEY_FILE"), "SWITCHYARD_PRIVATE_KEY_FILE", cancellation);
    }

    private long? InstallationId(Invocation run) => run.Get(installation) ?? NumberIn(run.Terminal, "SWITCHYARD_INSTALLATION_ID");

    private static long? NumberIn(Terminal terminal, string variable) => terminal.Environment(variable) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw CommandProblem.Usage($"{variable} must be a number; it is \"{text}\".");
}
