using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Clone;

/// <summary>A private repository is cloned with tokens of the App, and none of them stays anywhere.</summary>
public sealed class CloneTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("switchyard-clone-");
    private SimulatedGitHub github = null!;
    private Dictionary<string, string> environment = [];

    private string GitLog => Path.Combine(folder.FullName, "git.log");

    public async ValueTask InitializeAsync()
    {
        github = await SimulatedGitHub.StartAsync(new SimulatorOptions { OpenApiSample = 0 });
        await github.AddAsync("acme/private", files: new JsonObject { ["README.md"] = "# Private\n" });
        await github.CommitAsync("acme/private", new JsonObject { ["topic.txt"] = "topic\n" }, more: new JsonObject { ["branch"] = "topic" });
        var app = await github.ControlAsync("POST", "/apps", new JsonObject { ["name"] = "Clones", ["install"] = new JsonObject { ["account"] = "acme" } });
        var key = Path.Combine(folder.FullName, "key.pem");
        await File.WriteAllTextAsync(key, app["pem"]!.ToString());
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        environment = new Dictionary<string, string>(Git.Environment)
        {
            ["SWITCHYARD_APP_ID"] = app["id"]!.ToString(),
            ["SWITCHYARD_PRIVATE_KEY_FILE"] = key,
            ["SWITCHYARD_API_URL"] = github.Host.ApiUrl.ToString(),
            ["SWITCHYARD_WEB_URL"] = github.Host.Url.ToString(),
            ["PATH"] = WrapGit(),
            ["HOME"] = folder.FullName,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await github.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("classic")]
    [InlineData("stateless")]
    public async Task Switchyard_clone_leaves_no_token_behind(string format)
    {
        await github.FaultAsync("tokens.format", new JsonObject { ["format"] = format });
        var clone = Path.Combine(folder.FullName, "cloned");
        var (exit, output, errors) = await RunAsync("clone", "acme/private", clone, "--branch", "topic");
        Assert.True(exit == 0, errors);
        Assert.Equal("topic\n", await File.ReadAllTextAsync(Path.Combine(clone, "topic.txt")));
        Assert.Equal("topic", (await Git.RunAsync(clone, "branch", "--show-current")).Trim());
        AssertNoToken(clone, output, errors);
    }

    [Fact]
    public async Task Plain_git_clones_and_fetches_with_the_credential_helper_and_keeps_no_token()
    {
        var clone = Path.Combine(folder.FullName, "plain");
        string[] helper = ["-c", $"credential.helper=!'{SwitchyardProcess.Executable}' git-credential", "-c", "credential.useHttpPath=true"];
        var (exit, output, errors) = await SwitchyardProcess.RunAsync(
            [.. helper, "clone", new Uri(github.Host.Url, "/acme/private.git").ToString(), clone], environment, folder.FullName, Path.Combine(folder.FullName, "bin", "git"));
        Assert.True(exit == 0, errors);
        await github.CommitAsync("acme/private", new JsonObject { ["more.txt"] = "more\n" });
        var (fetched, fetchOutput, fetchErrors) = await SwitchyardProcess.RunAsync([.. helper, "pull"], environment, clone, Path.Combine(folder.FullName, "bin", "git"));
        Assert.True(fetched == 0, fetchErrors);
        Assert.Equal("more\n", await File.ReadAllTextAsync(Path.Combine(clone, "more.txt")));
        AssertNoToken(clone, output, errors, fetchOutput, fetchErrors);
    }

    [Fact]
    public async Task What_goes_wrong_is_said_without_the_token()
    {
        var (missing, output, errors) = await RunAsync("clone", "acme/nothing", Path.Combine(folder.FullName, "nothing"));
        Assert.NotEqual(0, missing);
        Assert.NotEmpty(errors);
        await github.FaultAsync("api.error", new JsonObject { ["status"] = 500, ["route"] = "git /acme/private" });
        var (failed, failedOutput, failedErrors) = await RunAsync("clone", "acme/private", Path.Combine(folder.FullName, "failed"));
        Assert.NotEqual(0, failed);
        Assert.NotEmpty(failedErrors);
        AssertNoToken(folder.FullName, output, errors, failedOutput, failedErrors);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        SwitchyardProcess.RunAsync(arguments, environment, folder.FullName);

    /// <summary>A git before the real one on the path that writes down how it was called.</summary>
    private string WrapGit()
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder.FullName, "bin")).FullName;
        var path = Environment.GetEnvironmentVariable("PATH")!;
        var real = path.Split(Path.PathSeparator).Select(place => Path.Combine(place, "git")).First(File.Exists);
        var wrapper = Path.Combine(bin, "git");
        File.WriteAllText(wrapper, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >> '{GitLog}'\nexec '{real}' \"$@\"\n");
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return bin + Path.PathSeparator + path;
    }

    private void AssertNoToken(string place, params string[] texts)
    {
        var secrets = Secrets.SecretSearch.TokensOf(github);
        Assert.NotEmpty(secrets);
        Assert.True(new FileInfo(GitLog).Length > 0, "git was not called by way of the wrapper");
        var found = Secrets.SecretSearch.InFolder(place, secrets)
            .Concat(Secrets.SecretSearch.InText("what was written", string.Join('\n', texts), secrets))
            .Concat(Secrets.SecretSearch.InText("the arguments of git", File.ReadAllText(GitLog), secrets));
        Assert.Empty(found);
    }
}
