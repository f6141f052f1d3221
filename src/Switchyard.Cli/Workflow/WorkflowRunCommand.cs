using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Run;
using Switchyard.GitHub;

namespace Switchyard.Cli.Workflow;

/// <summary>Starts a workflow by workflow_dispatch and prints the address of its run; with <c>--wait</c> follows it to its end.</summary>
internal sealed class WorkflowRunCommand : Command
{
    private readonly Argument<string> target = new("repository") { Description = "owner/name of the repository" };
    private readonly Argument<string> file = new("file") { Description = "The workflow's file in .github/workflows, or its id" };
    private readonly Option<string?> reference = new("--ref") { Description = "The branch or tag to run it on (default: the default branch)", HelpName = "R" };
    private readonly Option<string[]> inputs = InputOption.Create();
    private readonly Option<bool> wait = new("--wait") { Description = "Wait for its end; 0 when it succeeded, 1 when it ended otherwise" };
    private readonly Option<string?> timeout = RunFollow.TimeoutOption();
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Sign in, look at the workflow file, its trigger and inputs, say what would be started, and start nothing" };
    private readonly GitHubOptions github = new();

    public WorkflowRunCommand(Shell shell)
        : base("run", "Start a workflow of a repository, without a server")
    {
        Add(target);
        Add(file);
        Add(reference);
        Add(inputs);
        Add(wait);
        Add(timeout);
        Add(dryRun);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var given = InputOption.Of(run.Get(inputs));
        var (owner, name) = GitHubAccess.Split(run.Get(target)!);
        var workflow = FileName(run.Get(file)!);
        using var access = await github.OpenAsync(run, cancellation);
        var repository = await access.OpenAsync(run, $"{owner}/{name}", Permissions.Of(("actions", "write")), cancellation);
        var on = run.Get(reference) ?? repository.DefaultBranch;
        if (run.Get(dryRun))
        {
            await new WorkflowLook(repository).RequireStartAsync(workflow, on, given, cancellation);
            run.Printer.Result(
                new JsonObject
                {
                    ["repository"] = repository.FullName,
                    ["workflow"] = workflow,
                    ["ref"] = on,
                    ["inputs"] = new JsonObject(given.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
                    ["done"] = false,
                },
                $"Would start {workflow} on {on} of {repository.FullName} with {Counted.Of(given.Count, "inputs")}.");
            return ExitCode.Ok;
        }

        var started = await SendAsync(new WorkflowStart(run, access, repository, workflow, on), repository, workflow, on, given, cancellation);
        var json = new JsonObject
        {
            ["repository"] = repository.FullName,
            ["workflow"] = workflow,
            ["ref"] = on,
            ["runId"] = started.RunId is { } known ? RunColumns.Text(known) : null,
            ["url"] = started.Url,
            ["probable"] = started.IsProbable,
            ["done"] = true,
        };
        if (started.RunId is not { } id)
        {
            return NotFound(run, repository, workflow, json);
        }

        if (!run.Get(wait))
        {
            run.Printer.Result(json, started.Url!);
            run.Printer.Say($"Follow it:  {run.Terminal.Program} run watch {repository.FullName} {id}");
            return ExitCode.Ok;
        }

        run.Printer.Say($"Started: {started.Url}");
        var ended = await RunFollow.ToEndAsync(run, repository, id, Durations.Parse(run.Get(timeout)!), cancellation);
        json["status"] = ended.Status;
        json["conclusion"] = ended.Conclusion;
        return await RunFollow.EndAsync(run, repository, ended, () => run.Printer.Result(json, started.Url!), cancellation);
    }

    /// <summary>GitHub's 404 says nothing; the workflow files say more, where they can be seen.</summary>
    private static async Task<Started> SendAsync(WorkflowStart start, DirectRepository repository, string workflow, string on, Dictionary<string, string> given, CancellationToken cancellation)
    {
        try
        {
            return await start.SendAsync(given, cancellation);
        }
        catch (GitHubException missing) when (missing.Kind == GitHubErrorKind.NotFound)
        {
            try
            {
                await new WorkflowLook(repository).RequireStartAsync(workflow, on, given, cancellation);
            }
            catch (GitHubException)
            {
                // What GitHub said to the start is told.
            }

            throw;
        }
    }

    /// <summary>GitHub took it, and nobody knows a run: bursts are dropped without a word, and a broken file starts nothing.</summary>
    private int NotFound(Invocation run, DirectRepository repository, string workflow, JsonObject json)
    {
        var page = repository.Page($"actions/workflows/{workflow}");
        if (run.Get(wait))
        {
            throw new CommandProblem(
                ExitCode.TimedOut, "NoRunFound", $"GitHub took the start of {workflow} in {repository.FullName}, and no run of it was found within a minute. It was not sent again.", new NextStep("Its runs", Href: page));
        }

        json["url"] = page;
        run.Printer.Result(json, page);
        run.Printer.Say($"GitHub took the start, and no run of {workflow} was found within a minute; they show at the address above.");
        return ExitCode.Ok;
    }

    private static string FileName(string given) =>
        given.StartsWith(".github/workflows/", StringComparison.Ordinal) ? given[".github/workflows/".Length..]
        : given.Contains('/', StringComparison.Ordinal) ? throw CommandProblem.Usage($"\"{given}\" is no file in .github/workflows: GitHub looks nowhere else. Give its name, such as ci.yml.")
        : given;
}
