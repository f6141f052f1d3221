using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary><c>token</c>, <c>git-credential</c> and <c>api</c> straight to GitHub, without a server.</summary>
public sealed class DirectModeTests
{
    [Theory]
    [InlineData("--installation", "acme")]
    [InlineData("--repo", "acme/models")]
    public async Task Token_prints_the_token_alone(string option, string value)
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync("token", option, value);

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.StartsWith("ghs_", outcome.Out, StringComparison.Ordinal);
        Assert.Single(outcome.Out.TrimEnd('\n').Split('\n'));
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Token_is_narrowed_to_repositories_and_permissions()
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync("token", "--repo", "acme/models", "--permission", "contents=write", "--json");
        var refused = await github.Command().RunAsync("token", "--repo", "acme/models", "--permission", "issues=write");

        Assert.Equal("write", outcome.OutJson["permissions"]!["contents"]!.ToString());
        Assert.Equal("acme/models", Assert.Single(outcome.OutJson["repositories"]!.AsArray())!.ToString());
        Assert.Equal(ExitCode.Authentication, refused.Code);
    }

    [Fact]
    public async Task An_owner_without_the_App_is_not_found()
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync("token", "--installation", "nobody");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.StartsWith($"switchyard: The App {github.AppId} is not installed on nobody", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_of_the_environment_that_is_no_number_is_refused_before_GitHub_is_asked()
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = github.Command();
        run["SWITCHYARD_APP_ID"] = "abc";

        var outcome = await run.RunAsync("token", "--installation", "acme");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("SWITCHYARD_APP_ID must be a number", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_the_App_does_not_see_is_not_found()
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync("token", "--repo", "acme/models", "--repo", "acme/zzz");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.StartsWith($"switchyard: The App {github.AppId} sees no repository acme/zzz", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task A_wrong_key_is_an_authentication_failure_that_does_not_show_it()
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = github.Command();
        run["SWITCHYARD_PRIVATE_KEY"] = "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----";

        var outcome = await run.RunAsync("token", "--installation", "acme");

        Assert.Equal(ExitCode.Authentication, outcome.Code);
        Assert.DoesNotContain("c2VjcmV0", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_the_message_says_which_are_possible()
    {
        var outcome = await new CommandRun().RunAsync("token", "--installation", "acme");

        Assert.Equal(ExitCode.Authentication, outcome.Code);
        Assert.Contains("--app-id", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("SWITCHYARD_GITHUB_TOKEN", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_automatic_token_of_Actions_is_told_apart()
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = new CommandRun
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_TOKEN"] = "ghs_automatic",
            ["GITHUB_REPOSITORY"] = "acme/build",
            ["GITHUB_SERVER_URL"] = github.Host.Url.AbsoluteUri,
            ["GITHUB_API_URL"] = github.Host.ApiUrl.AbsoluteUri,
        };

        var outcome = await run.RunAsync("token", "--installation", "acme");

        Assert.Equal(ExitCode.Authentication, outcome.Code);
        Assert.Contains("acme/build only", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("ghs_automatic", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Git_gets_a_user_a_token_and_its_end()
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command($"protocol=http\nhost={github.Host.Url.Authority}\npath=acme/models.git\n\n").RunAsync("git-credential", "get");

        var lines = outcome.Out.TrimEnd('\n').Split('\n');
        Assert.Equal("username=x-access-token", lines[0]);
        Assert.StartsWith("password=ghs_", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("password_expiry_utc=", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get", "protocol=https\nhost=gitlab.example\npath=acme/models.git\n\n")]
    [InlineData("store", "protocol=https\nhost=github.com\nusername=x\npassword=y\n\n")]
    [InlineData("erase", "protocol=https\nhost=github.com\n\n")]
    [InlineData("capability", "")]
    [InlineData("some-operation-to-come", "protocol=https\nhost=github.com\n\n")]
    public async Task Git_gets_silence_for_other_hosts_and_for_what_is_not_get(string operation, string input)
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command(input).RunAsync("git-credential", operation);

        Assert.Equal(new CommandOutcome(ExitCode.Ok, "", ""), outcome);
    }

    [Fact]
    public async Task Git_that_names_no_repository_gets_the_only_installation()
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command($"protocol=http\nhost={github.Host.Url.Authority}\n\n").RunAsync("git-credential", "get");

        Assert.Contains("password=ghs_", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_goes_to_GitHub_as_the_App_or_as_its_installation()
    {
        await using var github = await CommandGitHub.StartAsync();

        var app = await github.Command().RunAsync("api", "GET", "/app", "--github");
        var repository = await github.Command().RunAsync("api", "GET", "/repos/acme/models", "--app-id", github.AppId, "--private-key", github.KeyFile);
        var missing = await github.Command().RunAsync("api", "GET", "/repos/acme/models/nothing", "--github");

        Assert.Equal(github.AppId, app.OutJson["id"]!.ToString());
        Assert.Equal("acme/models", repository.OutJson["full_name"]!.ToString());
        Assert.Equal(ExitCode.NotFound, missing.Code);
        Assert.Empty(missing.Out);
    }

    [Theory]
    [InlineData("--github", "GET", "/app")]
    [InlineData("--github", "GET", "/app/installations?per_page=5")]
    [InlineData("GET", "app/installations", "--github")]
    [InlineData("GET", "/app/hook/config", "--github")]
    public async Task Api_calls_about_the_App_need_no_installation(params string[] words)
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync(["api", .. words]);

        Assert.True(ExitCode.Ok == outcome.Code, outcome.Error);
    }

    [Theory]
    [InlineData("api", "GET", "/app", "--github")]
    [InlineData("api", "GET", "/repos/acme/models", "--github")]
    [InlineData("token", "--installation", "acme")]
    [InlineData("clone", "acme/models")]
    public async Task An_App_that_GitHub_does_not_know_is_an_authentication_failure(params string[] line)
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = github.Command();
        run["SWITCHYARD_APP_ID"] = "424242";

        var outcome = await run.RunAsync(line);

        Assert.Equal(ExitCode.Authentication, outcome.Code);
        Assert.Contains("does not know the App 424242", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api", "GET", "/repos/acme/models", "--github")]
    [InlineData("clone", "acme/models")]
    public async Task A_token_that_GitHub_does_not_know_is_an_authentication_failure(params string[] line)
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = new CommandRun { Folder = github.Folder, ["SWITCHYARD_GITHUB_TOKEN"] = "ghp_of_nobody", ["SWITCHYARD_WEB_URL"] = github.Host.Url.AbsoluteUri };

        Assert.Equal(ExitCode.Authentication, (await run.RunAsync(line)).Code);
    }

    [Fact]
    public async Task Api_takes_the_host_from_a_provider_of_the_server()
    {
        await using var github = await CommandGitHub.StartAsync();
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/providers/acme", $$"""{"slug":"acme","apiUrl":"{{github.Host.ApiUrl}}","webUrl":"{{github.Host.Url}}"}""");
        var run = CommandRun.Against(server);
        run["SWITCHYARD_APP_ID"] = github.AppId;
        run["SWITCHYARD_PRIVATE_KEY"] = (await File.ReadAllTextAsync(github.KeyFile)).Replace("\n", "\\n", StringComparison.Ordinal);

        var outcome = await run.RunAsync("api", "GET", "/app", "--github", "acme");

        Assert.Equal(github.AppId, outcome.OutJson["id"]!.ToString());
    }

    [Theory]
    [InlineData("github_pat_of_the_tests_1234567890", "ok")]
    [InlineData("github_pat_that_nobody_made_123456", "failed")]
    public async Task Doctor_tries_the_token_that_stands_in_for_an_App(string token, string state)
    {
        await using var github = await CommandGitHub.StartAsync();
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = "github_pat_of_the_tests_1234567890", ["owner"] = "acme" });
        var run = new CommandRun { Folder = github.Folder, ["GH_TOKEN"] = token, ["SWITCHYARD_WEB_URL"] = github.Host.Url.AbsoluteUri };

        var outcome = await run.RunAsync("doctor", "--json");

        Assert.Equal(state, outcome.OutJson.AsArray().Single(finding => finding!["check"]!.ToString() == "credentials")!["state"]!.ToString());
        Assert.DoesNotContain(token, outcome.Out + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_finds_the_App_healthy_and_a_missing_server_no_failure()
    {
        await using var github = await CommandGitHub.StartAsync();
        var run = github.Command();
        run["SWITCHYARD_DATA"] = Path.Combine(github.Folder, "nothing");

        var outcome = await run.RunAsync("doctor", "--json");

        var states = outcome.OutJson.AsArray().ToDictionary(finding => finding!["check"]!.ToString(), finding => finding!["state"]!.ToString());
        Assert.Equal(("ok", "ok", "ok", "ok"), (states["git"], states["clock"], states["credentials"], states["installation on acme"]));
        Assert.Equal("skipped", states["data folder"]);
        Assert.DoesNotContain("PRIVATE KEY", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_names_a_suspended_installation_and_ends_with_findings()
    {
        await using var github = await CommandGitHub.StartAsync();
        var installation = (await github.ControlAsync("GET", "/installations"))[0]!["id"]!.ToString();
        await github.ControlAsync("POST", $"/installations/{installation}/suspend", new JsonObject());

        var outcome = await github.Command().RunAsync("doctor", "--json", "check,state,fix");

        Assert.Equal(ExitCode.Findings, outcome.Code);
        Assert.Contains(outcome.OutJson.AsArray(), finding => finding!["state"]!.ToString() == "failed" && finding["fix"]!.ToString().Contains("unsuspend", StringComparison.Ordinal));
    }
}
