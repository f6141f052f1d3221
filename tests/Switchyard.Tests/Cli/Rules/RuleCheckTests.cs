using System.Diagnostics;
using Switchyard.Cli.Output;
using Switchyard.Cli.Rule.Files;
using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>Files of rules judged, by this program alone and by a server.</summary>
public sealed class RuleCheckTests
{
    private const string Good =
        """
        version: 1
        rules:
          - name: integration-tests
            on: { push: { repositories: [acme/the-app], branches: [main] } }
            do: [{ workflow: { repository: acme/the-tests, file: integration.yml } }]

        """;

    [Fact]
    public async Task A_good_file_is_told_with_its_rules_and_whose_it_would_be()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good);

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "rules.yml");

        Assert.Equal((ExitCode.Ok, ""), (outcome.Code, outcome.Out));
        Assert.StartsWith("rules.yml: good as local rules \"local\"; 1 rule (integration-tests)." + Environment.NewLine + "Not looked at, as only a server knows them: the targets, their workflow files, rules of other files.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("test")]
    public async Task Targets_that_local_rules_may_not_have_lead_to_whose_rules_they_are(string verb)
    {
        const string Problem = "{\"line\":5,\"column\":23,\"severity\":\"Error\",\"code\":\"TargetNotAllowed\",\"message\":\"No administrator has allowed rules to start things in acme/the-tests.\"}";
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good);
        await using var server = (await FakeServer.StartAsync()).On($"POST /api/v1/rule-sources/{verb}", $"{{\"good\":false,\"rules\":[],\"problems\":[{Problem}]}}");
        var run = new CommandRun { Folder = scratch.Folder, ["SWITCHYARD_URL"] = server.Url, ["SWITCHYARD_TOKEN"] = "swy_of_the_tests" };

        var local = await run.RunAsync("rule", verb, "rules.yml");
        var central = await run.RunAsync("rule", verb, "rules.yml", "--central", "acme");

        Assert.Equal((ExitCode.Findings, ExitCode.Findings), (local.Code, central.Code));
        Assert.Contains($"switchyard rule {verb} rules.yml --central OWNER`; as those of a repository: `--source OWNER/REPO`", local.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--central OWNER", central.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_within_the_file_is_found_without_a_server_and_a_possible_one_is_a_warning()
    {
        const string Loop =
            """
            version: 1
            rules:
              - name: a
                on: { checks: { repositories: [acme/the-tests] } }
                do: [{ workflow: { repository: acme/the-tests, file: integration.yml } }]
              - name: b
                on: { push: { repositories: [acme/the-lib] } }
                do: [{ workflow: { repository: acme/the-lib, file: build.yml } }]

            """;
        using var scratch = new Scratch();
        scratch.Write("loop.yml", Loop);

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "loop.yml", "--central", "acme");

        Assert.Equal(ExitCode.Findings, outcome.Code);
        Assert.Contains("loop.yml:3:1: error: Rule \"a\" would start itself for ever: a -> a.", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("loop.yml:6:1: warning: Rule \"b\" may start itself again: b -> b", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_printed_as_compilers_do_all_at_once_and_end_with_3()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good.Replace("branches:", "branch:", StringComparison.Ordinal).Replace("file:", "fil:", StringComparison.Ordinal));

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "rules.yml");

        Assert.Equal(ExitCode.Findings, outcome.Code);
        var lines = outcome.Out.Split('\n');
        Assert.StartsWith("rules.yml:4:49: error: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("branches", lines[1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("rules.yml:5:", StringComparison.Ordinal));
        Assert.Contains("errors, as local rules", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_JSON_the_problems_are_data()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good.Replace("branches:", "branch:", StringComparison.Ordinal));

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "rules.yml", "--json");

        Assert.Equal(ExitCode.Findings, outcome.Code);
        Assert.Equal(("UnknownKey", "4", "Error"), (outcome.OutJson["problems"]![0]!["code"]!.ToString(), outcome.OutJson["problems"]![0]!["line"]!.ToString(), outcome.OutJson["problems"]![0]!["severity"]!.ToString()));
        Assert.False(outcome.OutJson["good"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("--source acme/the-tests", ExitCode.Ok)]
    [InlineData("--source acme/the-app", ExitCode.Findings)]
    [InlineData("--central acme", ExitCode.Ok)]
    [InlineData("--central acme/.github", ExitCode.Ok)]
    [InlineData("--local", ExitCode.Ok)]
    public async Task Where_the_file_is_decides_what_it_may_start_things_in(string place, int expected)
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good);

        Assert.Equal(expected, (await new CommandRun { Folder = scratch.Folder }.RunAsync(["rule", "check", "rules.yml", .. place.Split(' ')])).Code);
    }

    [Fact]
    public async Task A_target_of_another_account_is_only_warned_of_for_what_is_allowed_is_known_to_the_server()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good);

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "rules.yml", "--central", "other");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains(": warning: ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("switchyard admin target allow acme/the-tests", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("1 warning", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("switchyard.yml", "https://github.com/acme/.github.git", RuleFileKind.Central, "acme/.github")]
    [InlineData(".github/switchyard.yml", "git@github.com:acme/the-tests.git", RuleFileKind.Repository, "acme/the-tests")]
    [InlineData(".github/switchyard.yml", "ssh://git@github.example.com/acme/.github", RuleFileKind.Repository, "acme/.github")]
    [InlineData("switchyard.yml", "https://github.com/acme/the-tests", RuleFileKind.Local, "local")]
    [InlineData("rules/switchyard.yml", "https://github.com/acme/.github", RuleFileKind.Local, "local")]
    [InlineData("switchyard.yml", "/srv/git/acme/.github", RuleFileKind.Local, "local")]
    public async Task Whose_file_it_is_is_guessed_from_its_path_and_the_remote(string path, string remote, RuleFileKind kind, string name)
    {
        using var scratch = new Scratch();
        Git(scratch.Folder, "init", "--quiet");
        Git(scratch.Folder, "remote", "add", "origin", remote);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(scratch.Folder, path))!);

        Assert.Equal(new RulePlace(kind, name), await RuleFileOptions.GuessAsync(scratch.Write(path, Good), CancellationToken.None));
    }

    [Fact]
    public async Task Outside_of_a_clone_a_file_is_local()
    {
        using var scratch = new Scratch();

        Assert.Equal(RulePlace.Local(), await RuleFileOptions.GuessAsync(scratch.Write("switchyard.yml", Good), CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_is_named_judges_it()
    {
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Good);
        await using var server = (await FakeServer.StartAsync()).On(
            "POST /api/v1/rule-sources/check",
            """{"good":false,"rules":[],"problems":[{"line":5,"column":1,"path":"do[0].workflow.repository","severity":"Error","code":"MissingTarget","message":"No installation covers acme/the-tests.","suggestion":"Did you mean acme/the-test?"}]}""");

        var outcome = await Against(server, scratch).RunAsync("rule", "check", "rules.yml", "--central", "acme", "--provider", "github");

        Assert.Equal((ExitCode.Findings, "rules.yml:5:1: error: No installation covers acme/the-tests.\n  Did you mean acme/the-test?\n"), (outcome.Code, outcome.Out));
        var sent = System.Text.Json.Nodes.JsonNode.Parse(Assert.Single(server.Requests).Body)!;
        Assert.Equal(("Central", "acme/.github", "github", Good), (sent["kind"]!.ToString(), sent["source"]!.ToString(), sent["provider"]!.ToString(), sent["text"]!.ToString()));
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_5_and_how_to_make_one()
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "check", "rules.yml");

        Assert.Equal(ExitCode.NotFound, outcome.Code);
        Assert.Contains("switchyard rule init", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_can_come_from_standard_input()
    {
        var outcome = await new CommandRun { Input = Good }.RunAsync("rule", "check", "-");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.StartsWith("stdin: good", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_needs_no_server()
    {
        var outcome = await new CommandRun().RunAsync("rule", "schema");

        Assert.Equal((ExitCode.Ok, RuleSchema.Json.TrimEnd() + "\n"), (outcome.Code, outcome.Out));
    }

    internal static CommandRun Against(FakeServer server, Scratch scratch) =>
        new() { Folder = scratch.Folder, ["SWITCHYARD_URL"] = server.Url, ["SWITCHYARD_TOKEN"] = "swy_of_the_tests" };

    internal static void Git(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var git = Process.Start(start)!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }
}
