using Switchyard.Cli.Git;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class CloneLineTests
{
    [Theory]
    [InlineData("acme/models", "acme/models", null, "")]
    [InlineData("acme/models here", "acme/models", "here", "")]
    [InlineData("--branch main acme/models", "acme/models", null, "--branch main")]
    [InlineData("acme/models --depth 1 here -b v2", "acme/models", "here", "--depth 1 -b v2")]
    [InlineData("--depth=1 --no-tags acme/models --filter=blob:none", "acme/models", null, "--depth=1 --no-tags --filter=blob:none")]
    [InlineData("-c core.autocrlf=false --recurse-submodules acme/models", "acme/models", null, "-c core.autocrlf=false --recurse-submodules")]
    public void Repository_and_folder_are_found_among_the_options_of_git(string line, string repository, string? folder, string options)
    {
        var parsed = CloneLine.Parse(line.Split(' '));

        Assert.Equal((repository, folder, options), (parsed.Repository, parsed.Folder, string.Join(' ', parsed.GitOptions)));
    }

    [Theory]
    [InlineData("--depth 1")]
    [InlineData("a/b c d")]
    public void Too_few_or_too_many_names_are_refused(string line) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandProblem>(() => CloneLine.Parse(line.Split(' '))).ExitCode);

    [Theory]
    [InlineData("models")]
    [InlineData("https://github.com/acme/models")]
    [InlineData("acme/../models")]
    [InlineData("acme/mod els")]
    [InlineData("acme/-x?y")]
    public async Task What_is_no_name_of_a_repository_is_refused(string name)
    {
        var outcome = await new CommandRun { ["GH_TOKEN"] = "x" }.RunAsync("clone", "--dry-run", name);

        Assert.Equal(ExitCode.Usage, outcome.Code);
    }

    [Fact]
    public async Task A_dry_run_prints_the_git_command_without_anything_secret()
    {
        var outcome = await new CommandRun { ["GH_TOKEN"] = "ghp_secret" }.RunAsync("clone", "acme/models", "--branch", "main", "--depth", "1", "--dry-run");

        Assert.Equal("git clone --branch main --depth 1 -- https://github.com/acme/models.git models\n", outcome.Out);
    }
}
