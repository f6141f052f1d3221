using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;

namespace Switchyard.Cli.Provider;

/// <summary>
/// Registers a GitHub App: by GitHub's manifest flow in the browser, or by hand from an existing App or token. Nothing
/// secret is taken from an argument.
/// </summary>
internal sealed class ProviderAddCommand : Command
{
    private readonly Option<string?> name = new("--name") { Description = "Name of the App to be, at most 34 characters; by hand: how it is called here", HelpName = "NAME" };
    private readonly Option<string?> organization = new("--organization") { Description = "Owner of the App to be; without it your own account", HelpName = "ORG" };
    private readonly Option<string?> apiUrl = new("--api-url") { Description = "REST address of the GitHub host", HelpName = "URL" };
    private readonly Option<string?> webUrl = new("--web-url") { Description = "Web address of the GitHub host; default https://github.com", HelpName = "URL" };
    private readonly Option<string?> publicUrl = new("--public-url") { Description = "How GitHub reaches the server; without it the server polls", HelpName = "URL" };
    private readonly Option<bool> mirrorOnly = new("--mirror-only") { Description = "Ask for reading contents alone: models are mirrored, and no rule can start anything" };
    private readonly Option<long?> appId = new("--app-id") { Description = "By hand: id of the existing App", HelpName = "ID" };
    private readonly Option<string?> clientId = new("--client-id") { Description = "By hand: its client id", HelpName = "ID" };
    private readonly Option<string?> privateKey = new("--private-key") { Description = "By hand: file of its private key (PEM); - is standard input", HelpName = "FILE" };
    private readonly Option<string?> keyIn = new("--key-in") { Description = "By hand: its key signs in a vault and stays there: azure:https://NAME.vault.azure.net/keys/KEY/VERSION or hashicorp:transit/KEY", HelpName = "KEY" };
    private readonly Option<string?> webhookSecret = new("--webhook-secret-file") { Description = "By hand: file of its webhook secret; - is standard input", HelpName = "FILE" };
    private readonly Option<string?> tokenFile = new("--token-file") { Description = "By hand: file of a fine-grained token instead of an App; - is standard input", HelpName = "FILE" };
    private readonly Option<bool> noBrowser = new("--no-browser") { Description = "Print the address instead of opening it" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be registered, and register nothing" };

    public ProviderAddCommand(Shell shell)
        : base("add", "Register a GitHub App in the browser, or an existing App or token by hand")
    {
        foreach (var option in (Option[])[name, organization, apiUrl, webUrl, publicUrl, mirrorOnly, appId, clientId, privateKey, keyIn, webhookSecret, tokenFile, noBrowser, dryRun])
        {
            Add(option);
        }

        appId.Validators.Add(WholeNumber.From(1, long.MaxValue));
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        RefuseUnsafeHost(run);
        RefuseAppWithToken(run);
        var byHand = run.Get(privateKey) is not null || run.Get(keyIn) is not null || run.Get(tokenFile) is not null || run.Get(appId) is not null || run.Get(clientId) is not null;
        if (run.Get(dryRun))
        {
            run.Printer.Result(
                new JsonObject { ["webUrl"] = run.Get(webUrl), ["byHand"] = byHand, ["done"] = false },
                byHand ? "Would register the App or token given." : "Would begin a registration in the browser.");
            return ExitCode.Ok;
        }

        var provider = byHand ? await ByHandAsync(run, cancellation) : await InBrowserAsync(run, cancellation);
        run.Printer.View(provider, ProviderColumns.View);
        if (Members.At(provider, "installUrl") is { } install)
        {
            run.Printer.Say($"Install the App next: {install}");
        }

        return ExitCode.Ok;
    }

    private async Task<JsonNode> ByHandAsync(Invocation run, CancellationToken cancellation)
    {
        if (new[] { run.Get(privateKey), run.Get(webhookSecret), run.Get(tokenFile) }.Count(file => file == "-") > 1)
        {
            throw CommandProblem.Usage("Only one secret can come from standard input; put the others into files.");
        }

        var body = new JsonObject
        {
            ["name"] = run.Get(name),
            ["apiUrl"] = run.Get(apiUrl),
            ["webUrl"] = run.Get(webUrl),
            ["appId"] = run.Get(appId),
            ["clientId"] = run.Get(clientId),
            ["privateKey"] = await SecretInput.ReadAsync(run, run.Get(privateKey), "--private-key", cancellation),
            ["keyIn"] = run.Get(keyIn),
            ["webhookSecret"] = await SecretInput.ReadAsync(run, run.Get(webhookSecret), "--webhook-secret-file", cancellation),
            ["token"] = await SecretInput.ReadAsync(run, run.Get(tokenFile), "--token-file", cancellation),
        };
        if (body["token"] is null && ((body["privateKey"] is null) == (body["keyIn"] is null) || (body["appId"] is null && body["clientId"] is null)))
        {
            throw CommandProblem.Usage("By hand an App needs --app-id or --client-id with --private-key FILE or --key-in KEY; a token needs --token-file FILE.");
        }

        return (await run.Server.PostAsync("api/v1/providers", body, cancellation))!;
    }

    private async Task<JsonNode> InBrowserAsync(Invocation run, CancellationToken cancellation)
    {
        var appName = run.Get(name) ?? throw CommandProblem.Usage("The App needs a name that is unique on its host: --name \"Switchyard of acme\".");
        await using var page = await ManifestPage.StartAsync(cancellation);
        var form = (await run.Server.PostAsync(
            "api/v1/providers/manifest",
            new JsonObject
            {
                ["name"] = appName,
                ["organization"] = run.Get(organization),
                ["apiUrl"] = run.Get(apiUrl),
                ["webUrl"] = run.Get(webUrl),
                ["publicUrl"] = run.Get(publicUrl),
                ["mirrorOnly"] = run.Get(mirrorOnly),
                ["redirectUrl"] = page.Callback.AbsoluteUri,
            },
            cancellation))!;
        page.Offer(Members.At(form, "postUrl")!, Members.At(form, "manifest")!, Members.At(form, "state")!);
        if (run.Get(noBrowser) || !Browser.TryStart(run.Terminal, page.Address))
        {
            run.Terminal.Error.WriteLine($"Open this in a browser on this machine: {page.Address}");
        }

        run.Printer.Say("Waiting for GitHub to send the browser back (Ctrl+C stops) ...");
        var code = await page.CodeAsync(cancellation);
        return (await run.Server.PostAsync(
            "api/v1/providers/manifest/conversions", new JsonObject { ["code"] = code, ["state"] = Members.At(form, "state") }, cancellation))!;
    }

    private void RefuseAppWithToken(Invocation run)
    {
        if (run.Has(tokenFile) && Array.Find((Option[])[appId, clientId, privateKey, keyIn], run.Has) is { } ofApp)
        {
            throw CommandProblem.Usage($"{tokenFile.Name} registers a token instead of an App, so {ofApp.Name} does not go with it. Give one of them.");
        }
    }

    private void RefuseUnsafeHost(Invocation run)
    {
        try
        {
            GitHubHost.Parse(run.Get(apiUrl), run.Get(webUrl));
        }
        catch (ArgumentException wrong)
        {
            throw CommandProblem.Usage(wrong.Message);
        }
    }
}
