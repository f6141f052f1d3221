using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Apps;
using Switchyard.GitHub.Git;

namespace Switchyard.Cli.Git;

/// <summary>
/// Clones with a token of the App. Afterwards the clone holds no credentials; with <c>--configure-helper</c> it asks
/// <c>switchyard git-credential</c> whenever git needs some.
/// </summary>
internal sealed class CloneCommand : Command
{
    private readonly Argument<string[]> words = new("repository")
    {
        Description = "owner/name, then a folder if wanted; every option of git clone is passed on (--branch, --depth, ...)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> configureHelper = new("--configure-helper") { Description = "Let git fetch in the clone ask switchyard for a token" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print the git command, and run nothing" };
    private readonly GitHubOptions github = new();

    public CloneCommand(Shell shell)
        : base("clone", "Clone a repository with a token of the App; nothing secret stays behind")
    {
        TreatUnmatchedTokensAsErrors = false;
        Add(words);
        Add(configureHelper);
        Add(dryRun);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var line = CloneLine.Parse([.. run.Get(words) ?? [], .. run.Parse.UnmatchedTokens]);
        var (owner, name) = GitHubAccess.Split(line.Repository);
        var host = github.Host(run);
        if (run.Get(dryRun))
        {
            var command = string.Join(' ', GitArguments(line, host.Remote(owner, name), name));
            run.Printer.Result(new JsonObject { ["command"] = "git " + command, ["done"] = false }, "git " + command);
            return ExitCode.Ok;
        }

        using var access = await github.OpenAsync(run, cancellation);

        // The name as it is today: git is not allowed to follow redirects with a token in its hand.
        var (repository, installation) = await access.FindAsync(owner, name, cancellation);
        (owner, name) = GitHubAccess.Split(repository.FullName);
        var remote = host.Remote(owner, name);
        var scope = TokenScope.Read(repository.Id);

        // Waits out the seconds in which GitHub does not know a fresh token yet, and says clearly what is wrong.
        await GitRemote.ListRefsAsync(
            remote, async stop => await access.Connection.GitTokenAsync(installation, scope, stop), ["HEAD"], new GitOptions { Time = run.Terminal.Time }, cancellation);
        var token = await access.Connection.GitTokenAsync(installation, scope, cancellation);
        var code = await GitTool.RunAsync(run.Terminal, GitArguments(line, remote, name, run.IsQuiet), remote, token, cancellation);
        if (code != 0)
        {
            throw new CommandProblem(ExitCode.Failure, "GitFailed", $"git clone ended with exit code {code}; what it said stands above.");
        }

        var folder = Path.GetFullPath(line.FolderOf(name), run.Terminal.Folder);
        if (run.Get(configureHelper))
        {
            await ConfigureHelperAsync(run, folder, remote, cancellation);
        }
        else
        {
            run.Printer.Say($"It holds no credentials. For git pull in it, let git ask for some:  git config credential.helper '{HelperCommand.Of(run.Terminal, github.Again(run))}' && git config credential.useHttpPath true");
        }

        if (run.Printer.IsJson)
        {
            run.Printer.Write(new JsonObject { ["repository"] = repository.FullName, ["folder"] = folder, ["remote"] = remote.AbsoluteUri });
        }

        return ExitCode.Ok;
    }

    private static IReadOnlyList<string> GitArguments(CloneLine line, Uri remote, string name, bool quiet = false) =>
        ["clone", .. quiet ? (string[])["--quiet"] : [], .. line.GitOptions, "--", remote.AbsoluteUri, line.FolderOf(name)];

    private async Task ConfigureHelperAsync(Invocation run, string folder, Uri remote, CancellationToken cancellation)
    {
        var web = remote.GetLeftPart(UriPartial.Authority);
        var helper = HelperCommand.Of(run.Terminal, github.Again(run));
        foreach (var (key, value) in new[] { ($"credential.{web}.helper", helper), ($"credential.{web}.useHttpPath", "true") })
        {
            if (await GitTool.RunAsync(run.Terminal, ["-C", folder, "config", "--replace-all", key, value], cancellation) != 0)
            {
                throw new CommandProblem(ExitCode.Failure, "GitFailed", $"The clone is there, but its credential helper could not be set. Set it by hand: git config {key} '{value}'.");
            }
        }
    }
}
