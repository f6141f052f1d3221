using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Workflow;

/// <summary>Writes a starter workflow to a file, to standard output, or as a pull request.</summary>
internal sealed class WorkflowInitCommand : Command
{
    private const string Folder = ".github/workflows/";

    private readonly Option<bool> source = new("--source") { Description = "The other side: a workflow that tells a target of each push, for teams without a server" };
    private readonly Option<string?> file = new("--file") { Description = "Where to write it (default .github/workflows/switchyard-target.yml, or -source.yml); - is standard output", HelpName = "PATH" };
    private readonly Option<string?> eventType = new("--event-type") { Description = "The type of repository_dispatch it listens to, or sends (default upstream-changed)", HelpName = "T" };
    private readonly Option<string?> name = new("--name") { Description = "The workflow's name", HelpName = "N" };
    private readonly Option<string?> target = new("--target") { Description = "With --source: the repository to be told, owner/name", HelpName = "OWNER/REPO" };
    private readonly Option<bool> force = new("--force") { Description = "Replace the file if there is one" };
    private readonly Option<string?> pullRequest = new("--pull-request") { Description = "Open a pull request with the file in this repository instead", HelpName = "OWNER/REPO" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Print the file, and write nothing" };
    private readonly GitHubOptions github = new();

    public WorkflowInitCommand(Shell shell)
        : base("init", "Write a commented starter workflow that other repositories can start")
    {
        foreach (var option in (Option[])[source, file, eventType, name, target, force, pullRequest, dryRun])
        {
            Add(option);
        }

        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var isSource = run.Get(source);
        var text = isSource ? Starter(run).SourceFile() : Starter(run).TargetFile();
        var path = run.Get(file) ?? $"{Folder}switchyard-{(isSource ? "source" : "target")}.yml";
        if (path != "-" && Path.GetExtension(path) is not (".yml" or ".yaml"))
        {
            throw CommandProblem.Usage($"--file is \"{path}\"; GitHub takes only files that end in .yml or .yaml for workflows.");
        }

        if (run.Get(dryRun) || path == "-")
        {
            run.Printer.Result(new JsonObject { ["file"] = path, ["content"] = text, ["done"] = path == "-" }, text);
            return ExitCode.Ok;
        }

        return run.Get(pullRequest) is { } repository
            ? await ProposeAsync(run, repository, Inside(path), text, cancellation)
            : await WriteAsync(run, path, text, cancellation);
    }

    private StarterWorkflow Starter(Invocation run)
    {
        var type = run.Get(eventType) ?? "upstream-changed";
        var called = run.Get(name) ?? (run.Get(source) ? "Tell others" : "Upstream changed");
        try
        {
            DispatchLimits.Check(type, default);
        }
        catch (ArgumentException wrong)
        {
            throw CommandProblem.Usage(wrong.Message.Split(" (Parameter '")[0]);
        }

        if (type.Concat(called).Any(char.IsControl) || called.Trim().Length == 0)
        {
            throw CommandProblem.Usage("--event-type and --name are one line of text.");
        }

        if (run.Get(target) is not { } told)
        {
            return new StarterWorkflow(called, type, StarterWorkflow.AnyTarget);
        }

        var (owner, repository) = run.Get(source) ? GitHubAccess.Split(told) : throw CommandProblem.Usage("--target goes with --source alone: a target is told, it tells nobody.");
        return new StarterWorkflow(called, type, $"{owner}/{repository}");
    }

    private async Task<int> WriteAsync(Invocation run, string path, string text, CancellationToken cancellation)
    {
        var full = run.PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        try
        {
            await using var stream = new FileStream(full, run.Get(force) ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        }
        catch (IOException) when (File.Exists(full) && !run.Get(force))
        {
            throw new CommandProblem(ExitCode.Conflict, "FileExists", $"{full} exists already, and was not changed. Give another name by --file, or replace it with --force.");
        }

        run.Printer.Result(new JsonObject { ["file"] = full, ["done"] = true }, full);
        run.Printer.Say(run.Get(source)
            ? "Edit what it names in capitals, and commit it to the default branch."
            : "Commit it to the default branch: repository_dispatch looks only there. Then start it with `" + run.Terminal.AsCalled($"switchyard workflow run OWNER/REPO {Path.GetFileName(full)}") + "`.");
        return ExitCode.Ok;
    }

    private async Task<int> ProposeAsync(Invocation run, string repository, string path, string text, CancellationToken cancellation)
    {
        using var access = await github.OpenAsync(run, cancellation);
        var opened = await access.OpenAsync(run, repository, Permissions.Of(("contents", "write"), ("pull_requests", "write"), ("workflows", "write")), cancellation);
        var made = await new WorkflowPullRequest(opened).OpenAsync(path, text, run.Get(force), run.Get(source), cancellation);
        run.Printer.Result(
            new JsonObject { ["repository"] = opened.FullName, ["number"] = made.Number, ["url"] = made.HtmlUrl, ["branch"] = made.Head?.Ref, ["file"] = path, ["done"] = true },
            made.HtmlUrl ?? opened.Page($"pull/{made.Number}"));
        return ExitCode.Ok;
    }

    private static string Inside(string path) =>
        // A name alone is meant as one of a workflow; anywhere else GitHub would never run it.
        !path.Contains('/', StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) ? Folder + path
        : !path.StartsWith(Folder, StringComparison.Ordinal) || path[Folder.Length..].Contains('/', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal)
            ? throw CommandProblem.Usage($"--file is \"{path}\"; with --pull-request it is a file of .github/workflows, the only folder in which GitHub runs workflows, such as .github/workflows/switchyard-target.yml.")
            : path;
}
