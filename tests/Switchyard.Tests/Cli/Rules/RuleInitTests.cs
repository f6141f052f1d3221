using Switchyard.Cli.Output;
using Switchyard.Cli.Rule.Files;
using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>A first file of rules from a few answers.</summary>
public sealed class RuleInitTests
{
    private static readonly string[] Answers = ["--from", "acme/the-app", "--from", "acme/the-lib-*", "--to", "acme/the-tests", "--workflow", "integration.yml"];

    [Fact]
    public async Task Options_make_a_file_without_problems_and_the_next_step_is_said()
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync(["rule", "init", .. Answers, "--branch", "release/**", "--paths", "src/**,!**/*.md", "--pull-requests", "--checks", "--quiet-for", "2m"]);

        Assert.Equal(ExitCode.Ok, outcome.Code);
        var path = Path.Combine(scratch.Folder, "switchyard.yml");
        Assert.EndsWith("switchyard.yml\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("switchyard rule apply switchyard.yml", outcome.Error, StringComparison.Ordinal);
        var result = RuleFile.Parse(await File.ReadAllTextAsync(path), RuleFileScope.Local(["*/*"]));
        Assert.Empty(result.Problems);
        var rule = Assert.Single(result.File!.Rules);
        Assert.Equal([SignalKind.Push, SignalKind.PullRequest], rule.On.Select(trigger => trigger.Kind));
        var push = Assert.IsType<PushTrigger>(rule.On[0]);
        Assert.Equal(["acme/the-app", "acme/the-lib-*"], push.Repositories.Patterns);
        Assert.Equal(["release/**"], push.Branches.Patterns);
        Assert.Equal(["src/**", "!**/*.md"], push.Paths.Patterns);
        Assert.NotNull(rule.Checks);
        Assert.Equal(TimeSpan.FromMinutes(2), rule.Quiet.For);
        Assert.Equal("acme/the-tests", Assert.IsType<WorkflowAction>(Assert.Single(rule.Do)).Repository.Text);
    }

    [Fact]
    public async Task What_is_missing_is_asked_for_on_a_terminal()
    {
        using var scratch = new Scratch();
        var run = new CommandRun { Folder = scratch.Folder, OnTerminal = true, Input = "acme/the-app, acme/the-lib\nacme/the-tests\n-\n\n" };

        var outcome = await run.RunAsync("rule", "init", "--file", "rules.yml");

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("Changes of which repositories start it?", outcome.Error, StringComparison.Ordinal);
        var rule = Assert.Single(RuleFile.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Folder, "rules.yml")), RuleFileScope.Local(["*/*"])).File!.Rules);
        Assert.Equal(["acme/the-app", "acme/the-lib"], rule.On[0].Repositories.Patterns);
        Assert.Equal("upstream-changed", Assert.IsType<DispatchAction>(Assert.Single(rule.Do)).EventType.Text);
    }

    [Fact]
    public async Task Elsewhere_what_is_missing_is_named()
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("rule", "init", "--from", "acme/the-app");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("--to and --workflow (or --event-type) are missing, and nobody can be asked here.", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_with_force_only()
    {
        using var scratch = new Scratch();
        var path = scratch.Write("switchyard.yml", "mine\n");
        var run = new CommandRun { Folder = scratch.Folder };

        var refused = await run.RunAsync(["rule", "init", .. Answers]);
        Assert.Equal((ExitCode.Conflict, "mine\n"), (refused.Code, await File.ReadAllTextAsync(path)));
        var replaced = await run.RunAsync(["rule", "init", .. Answers, "--force"]);

        Assert.Equal(ExitCode.Ok, replaced.Code);
        Assert.StartsWith("# Rules of Switchyard", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://github.com/acme/the-tests.git", ".github/switchyard.yml", "the default branch of acme/the-tests")]
    [InlineData("https://github.com/acme/.github.git", "switchyard.yml", "the default branch of acme/.github")]
    [InlineData("https://github.com/acme/the-app.git", "switchyard.yml", "rule test switchyard.yml --central acme")]
    public async Task In_a_clone_the_file_goes_where_it_belongs(string remote, string path, string next)
    {
        using var scratch = new Scratch();
        RuleCheckTests.Git(scratch.Folder, "init", "--quiet");
        RuleCheckTests.Git(scratch.Folder, "remote", "add", "origin", remote);

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync(["rule", "init", .. Answers]);

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.True(File.Exists(Path.Combine(scratch.Folder, path)), outcome.Out);
        Assert.Contains(next, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "acme")]
    [InlineData("--branch", "a[b")]
    public async Task Answers_that_make_no_good_file_are_refused_with_what_the_language_says(string option, string value)
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync(["rule", "init", .. Answers, option, value]);

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("make no good file", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
    }

    [Theory]
    [InlineData("https://github.com/acme/the-app.git", "acme", "the-app")]
    [InlineData("git@github.com:acme/the-app", "acme", "the-app")]
    [InlineData("ssh://git@ghe.example.com:22/acme/.github.git/", "acme", ".github")]
    [InlineData("/srv/git/acme/the-app", null, null)]
    [InlineData("https://github.com/", null, null)]
    [InlineData(null, null, null)]
    public void The_repository_of_a_remote_is_in_its_last_two_parts(string? remote, string? owner, string? name) => Assert.Equal((owner, name), GitPlace.Parse(remote));
}
