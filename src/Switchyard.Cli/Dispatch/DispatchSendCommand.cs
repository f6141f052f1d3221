using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Run;
using Switchyard.Cli.Workflow;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Dispatch;

/// <summary>Sends a repository_dispatch, once: after a doubt it looks for a run, and never sends again.</summary>
internal sealed class DispatchSendCommand : Command
{
    private static readonly TimeSpan LookFor = TimeSpan.FromSeconds(30);

    private readonly Argument<string> target = new("repository") { Description = "owner/name of the repository whose workflows are to be started" };
    private readonly Option<string> eventType = new("--event-type") { Description = "The type that workflows listen to (on.repository_dispatch.types)", HelpName = "T", Required = true };
    private readonly Option<string?> payload = new("--payload") { Description = "A JSON object for github.event.client_payload; @FILE reads a file, - standard input", HelpName = "JSON" };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Sign in, look who listens, print what would be sent, and send nothing" };
    private readonly GitHubOptions github = new();

    public DispatchSendCommand(Shell shell)
        : base("send", "Send a repository_dispatch to a repository, without a server")
    {
        Add(target);
        Add(eventType);
        Add(payload);
        Add(dryRun);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var type = run.Get(eventType)!;
        var content = await PayloadInput.ReadAsync(run, type, run.Get(payload), cancellation);
        var (owner, name) = GitHubAccess.Split(run.Get(target)!);
        using var access = await github.OpenAsync(run, cancellation);
        var repository = await access.OpenAsync(run, $"{owner}/{name}", Permissions.Of(("contents", "write")), cancellation);
        if (run.Get(dryRun))
        {
            return await LookAsync(run, repository, type, content, cancellation);
        }

        var since = repository.GitHubNow(run.Terminal.Time);
        var result = Json(repository.FullName, type, content, done: true);
        try
        {
            await repository.Api.Actions.DispatchRepositoryAsync(repository.Owner, repository.Name, type, content, cancellation);
        }
        catch (GitHubException unknown) when (unknown.MayHaveHappened)
        {
            run.Printer.Say($"{unknown.Message}\nLooking for a run that it started ...");
            var found = await SearchAsync(run, access, repository, type, since, unknown, cancellation);
            result["probable"] = true;
            result["run"] = RunColumns.Json(repository.FullName, found);
            run.Printer.Result(result, found.HtmlUrl ?? RunColumns.Text(found.Id));
            run.Printer.Say($"Probably sent: run {found.Id} of {found.Path} was started by a repository_dispatch since, and GitHub's answer was lost. It was not sent again.");
            return ExitCode.Ok;
        }

        var listening = await ListeningAsync(repository, type, cancellation);
        result["listening"] = listening is null ? null : new JsonArray([.. listening.Select(path => JsonValue.Create(path))]);
        run.Printer.Result(result, $"Sent {type} to {repository.FullName}.");
        run.Printer.Say(listening is [] ? $"Warning: no workflow on {repository.DefaultBranch} of {repository.FullName} listens to {type}, so GitHub took it and starts nothing." :
            $"GitHub does not tell which workflows it starts; those on {repository.DefaultBranch} that listen to {type} show at {Page(repository)}");
        return ExitCode.Ok;
    }

    /// <summary>Only to warn: null where it cannot be seen, since what was sent is sent.</summary>
    private static async Task<IReadOnlyList<string>?> ListeningAsync(DirectRepository repository, string type, CancellationToken cancellation)
    {
        try
        {
            return await new WorkflowLook(repository).ListenersAsync(type, cancellation);
        }
        catch (Exception unseen) when (unseen is GitHubException or CommandProblem)
        {
            return null;
        }
    }

    private static async Task<int> LookAsync(Invocation run, DirectRepository repository, string type, byte[] content, CancellationToken cancellation)
    {
        var listening = await new WorkflowLook(repository).ListenersAsync(type, cancellation);
        var json = Json(repository.FullName, type, content, done: false);
        json["listening"] = new JsonArray([.. listening.Select(path => JsonValue.Create(path))]);
        run.Printer.Result(json, $"Would send {type} to {repository.FullName}{(content.Length == 0 ? "" : $": {Encoding.UTF8.GetString(content)}")}");
        run.Printer.Say(listening.Count > 0
            ? $"It starts {string.Join(", ", listening)}."
            : $"No workflow on {repository.DefaultBranch} of {repository.FullName} listens to {type}: GitHub takes it, and starts nothing.");
        return listening.Count > 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async Task<WorkflowRun> SearchAsync(Invocation run, GitHubAccess access, DirectRepository repository, string type, DateTimeOffset since, GitHubException unknown, CancellationToken cancellation)
    {
        var search = new RunSearch(run, repository)
        {
            Query = new RunQuery { Event = "repository_dispatch", CreatedSince = since, Limit = 50 },
            Actor = await access.LoginAsync(cancellation),
            // GitHub titles such a run with the event type, unless the workflow has a run-name.
            IsCertain = found => found.DisplayTitle == type,
        };
        return (await search.FindAsync(LookFor, cancellation))?.Run ?? throw new CommandProblem(
            ExitCode.OtherSideFailed,
            "OutcomeUnknown",
            $"It is not known whether {type} reached {repository.FullName}: {unknown.Message} No run that a repository_dispatch started was found within {Durations.Show(LookFor)}; there is none, too, where no workflow on {repository.DefaultBranch} listens to it. It was not sent again.",
            new NextStep("Look before you send it again", Href: Page(repository)));
    }

    private static string Page(DirectRepository repository) => repository.Page("actions?query=event%3Arepository_dispatch");

    private static JsonObject Json(string repository, string type, byte[] payload, bool done) => new()
    {
        ["repository"] = repository,
        ["eventType"] = type,
        ["payload"] = payload.Length == 0 ? null : JsonNode.Parse(payload),
        ["done"] = done,
    };
}
