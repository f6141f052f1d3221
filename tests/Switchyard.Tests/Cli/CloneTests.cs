using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>The real executable and real git, through a git on the path that writes its arguments and environment down.</summary>
public sealed class CloneTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "switchyard");

    [Theory]
    [InlineData("classic")]
    [InlineData("stateless")]
    public async Task A_private_repository_is_cloned_and_the_token_is_nowhere(string format)
    {
        await using var github = await CommandGitHub.StartAsync(format);
        var record = await RecordingGitAsync(github);

        var outcome = await github.ProcessAsync(Program, github.Folder, record.Environment, "clone", "acme/models", "--branch", "main", "here", "--depth", "1");

        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);
        Assert.True(File.Exists(Path.Combine(github.Folder, "here", "README.md")));
        var arguments = await File.ReadAllTextAsync(record.Arguments);
        Assert.Contains("clone --branch main --depth 1 -- " + github.Host.Url + "acme/models.git here", arguments, StringComparison.Ordinal);
        var traces = new Dictionary<string, string> { ["arguments"] = arguments, ["stdout"] = outcome.Out, ["stderr"] = outcome.Error };
        foreach (var file in Directory.EnumerateFiles(Path.Combine(github.Folder, "here", ".git"), "*", SearchOption.AllDirectories))
        {
            traces[file] = await File.ReadAllTextAsync(file);
        }

        Assert.All(traces, trace => AssertNoSecret(trace.Key, trace.Value));
        // The control: it was there, in the environment of that one command.
        Assert.Contains("Authorization: Basic", await File.ReadAllTextAsync(record.Headers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fetch_in_the_clone_asks_the_configured_helper()
    {
        await using var github = await CommandGitHub.StartAsync();
        var clone = Path.Combine(github.Folder, "models");
        var outcome = await github.ProcessAsync(Program, github.Folder, github.Environment(), "clone", "acme/models", "--configure-helper");
        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);
        await github.ControlAsync("POST", "/repositories/acme/models/commits", new JsonObject { ["message"] = "more", ["files"] = new JsonObject { ["more.txt"] = "more\n" } });

        var pulled = await github.ProcessAsync("git", clone, github.Environment(), "pull", "--quiet");

        Assert.True(pulled.Code == 0, pulled.Error);
        Assert.True(File.Exists(Path.Combine(clone, "more.txt")));
        AssertNoSecret("config", await File.ReadAllTextAsync(Path.Combine(clone, ".git", "config")));
    }

    [Fact]
    public async Task Without_a_helper_a_clone_holds_no_way_in()
    {
        await using var github = await CommandGitHub.StartAsync();
        var outcome = await github.ProcessAsync(Program, github.Folder, github.Environment(), "clone", "acme/models");
        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);

        var fetched = await github.ProcessAsync("git", Path.Combine(github.Folder, "models"), github.Environment(), "fetch");

        Assert.NotEqual(0, fetched.Code);
        Assert.DoesNotContain("credential", await File.ReadAllTextAsync(Path.Combine(github.Folder, "models", ".git", "config")), StringComparison.Ordinal);

        // It says how to have one, and what it says works.
        var hint = outcome.Error.Split('\n').Single(line => line.Contains("git config credential.helper", StringComparison.Ordinal));
        var command = hint[hint.IndexOf("git config", StringComparison.Ordinal)..];
        var pulled = await github.ProcessAsync("bash", Path.Combine(github.Folder, "models"), github.Environment(), "-c", command + " && git pull");
        Assert.True(pulled.Code == 0, pulled.Error);
    }

    [Fact]
    public async Task A_fine_grained_token_clones_as_well()
    {
        const string Token = "github_pat_of_the_tests_1234567890";
        await using var github = await CommandGitHub.StartAsync();
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = Token, ["owner"] = "acme" });
        var environment = new Dictionary<string, string> { ["SWITCHYARD_GITHUB_TOKEN"] = Token, ["SWITCHYARD_WEB_URL"] = github.Host.Url.AbsoluteUri };

        var outcome = await github.ProcessAsync(Program, github.Folder, environment, "clone", "acme/models", "--quiet", "--json");

        Assert.Equal(Path.Combine(github.Folder, "models"), outcome.OutJson["folder"]!.ToString());
        Assert.Empty(outcome.Error);
        Assert.DoesNotContain(Token, await File.ReadAllTextAsync(Path.Combine(github.Folder, "models", ".git", "config")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_repository_is_cloned_under_its_new_name()
    {
        await using var github = await CommandGitHub.StartAsync();
        await github.ControlAsync("POST", "/repositories/acme/models/rename", new JsonObject { ["name"] = "schemas" });

        var outcome = await github.ProcessAsync(Program, github.Folder, github.Environment(), "clone", "acme/models");

        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);
        Assert.True(Directory.Exists(Path.Combine(github.Folder, "schemas")));
    }

    [Theory]
    [InlineData("acme/nothing", ExitCode.NotFound)]
    [InlineData("stranger/models", ExitCode.NotFound)]
    public async Task What_the_App_cannot_see_is_not_found(string name, int expected)
    {
        await using var github = await CommandGitHub.StartAsync();

        var outcome = await github.Command().RunAsync("clone", name);

        Assert.Equal(expected, outcome.Code);
        AssertNoSecret("stderr", outcome.Error);
    }

    private static void AssertNoSecret(string where, string text)
    {
        foreach (var sign in (string[])["ghs_", "Authorization", "x-access-token", "PRIVATE KEY", "eyJ"])
        {
            Assert.False(text.Contains(sign, StringComparison.Ordinal), $"{where} holds \"{sign}\"");
        }
    }

    private static async Task<(Dictionary<string, string> Environment, string Arguments, string Headers)> RecordingGitAsync(CommandGitHub github)
    {
        var folder = Directory.CreateDirectory(Path.Combine(github.Folder, "bin")).FullName;
        var (arguments, headers) = (Path.Combine(folder, "arguments"), Path.Combine(folder, "headers"));
        var real = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(path => Path.Combine(path, "git")).First(File.Exists);
        var wrapper = Path.Combine(folder, "git");
        await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nprintf '%s ' \"$@\" >> '{arguments}'\nprintf '\\n' >> '{arguments}'\nenv | grep -a '^GIT_CONFIG_VALUE_' >> '{headers}'\nexec '{real}' \"$@\"\n");
        Scratch.SetMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        var environment = github.Environment();
        environment["PATH"] = folder + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return (environment, arguments, headers);
    }
}
