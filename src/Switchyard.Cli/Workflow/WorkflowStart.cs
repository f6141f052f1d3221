using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Run;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Workflow;

/// <summary>A workflow that was started. <c>RunId</c> is null where no run was found; <c>Doubt</c>: GitHub's answer was lost.</summary>
internal sealed record Started(long? RunId, string? Url, bool IsProbable, GitHubException? Doubt);

/// <summary>Starts a workflow once, and finds its run: told by GitHub, by the id that the run shows, or as the newest since.</summary>
internal sealed class WorkflowStart(Invocation invocation, GitHubAccess access, DirectRepository repository, string workflow, string reference)
{
    /// <summary>The optional input that carries our id.</summary>
    public const string IdInput = "switchyard_id";

    private static readonly TimeSpan LookFor = TimeSpan.FromMinutes(1);

    public async Task<Started> SendAsync(Dictionary<string, string> inputs, CancellationToken cancellation)
    {
        var id = await TryAddIdAsync(inputs, cancellation);
        var since = repository.GitHubNow(invocation.Terminal.Time);
        GitHubException? doubt = null;
        var told = StartedRun.Unknown;
        try
        {
            told = await repository.Api.Actions.DispatchWorkflowAsync(repository.Owner, repository.Name, workflow, reference, inputs, cancellation);
        }
        catch (GitHubException unknown) when (unknown.MayHaveHappened)
        {
            doubt = unknown;
            invocation.Printer.Say($"{unknown.Message}\nLooking for a run that it started ...");
        }

        return told.RunId is { } known
            ? new Started(known, told.HtmlUrl ?? repository.Page($"actions/runs/{RunColumns.Text(known)}"), IsProbable: false, null)
            : await SearchAsync(id, since, doubt, cancellation);
    }

    private async Task<Started> SearchAsync(string? id, DateTimeOffset since, GitHubException? doubt, CancellationToken cancellation)
    {
        var search = new RunSearch(invocation, repository)
        {
            Query = new RunQuery { Workflow = workflow, Event = "workflow_dispatch", CreatedSince = since, Limit = 50 },
            Actor = await access.LoginAsync(cancellation),
            Reference = Short(reference),
            IsCertain = id is null ? null : run => Shows(run.DisplayTitle, id) || Shows(run.Name, id),
        };
        var found = await search.FindAsync(LookFor, cancellation);
        if (found is null && doubt is not null)
        {
            throw new CommandProblem(
                ExitCode.OtherSideFailed,
                "OutcomeUnknown",
                $"It is not known whether {workflow} was started on {reference} of {repository.FullName}: {doubt.Message} No run of it was found within {Durations.Show(LookFor)}. It was not sent again.",
                new NextStep("Look before you start it again", Href: repository.Page($"actions/workflows/{workflow}")));
        }

        if (found is { IsProbable: true })
        {
            invocation.Printer.Say(
                $"Run {found.Run.Id} is probably the one, not certainly: GitHub did not tell, and it is the newest of {Counted.Of(found.Candidates, "runs")} since. "
                + (id is null ? $"Declare the input {IdInput} in {workflow}, and show it in run-name, to be sure." : $"Show ${{{{ inputs.{IdInput} }}}} in the run-name of {workflow} to be sure."));
        }

        return new Started(found?.Run.Id, found?.Run.HtmlUrl, found?.IsProbable ?? false, doubt);
    }

    /// <summary>An input that the workflow does not declare would be refused, so the file is asked first; where it cannot be read there is no id.</summary>
    private async Task<string?> TryAddIdAsync(Dictionary<string, string> inputs, CancellationToken cancellation)
    {
        if (inputs.TryGetValue(IdInput, out var given))
        {
            return given.Length > 0 ? given : null;
        }

        if (inputs.Count >= DispatchLimits.Inputs || workflow.All(char.IsAsciiDigit))
        {
            return null;
        }

        try
        {
            var file = await repository.With("contents", "read").Files.GetContentAsync(repository.Owner, repository.Name, ".github/workflows/" + workflow, Short(reference), cancellation);
            return file is not null && DeclaredInputs.Of(file).Contains(IdInput, StringComparer.Ordinal) ? inputs[IdInput] = $"cli-{Guid.NewGuid():N}" : null;
        }
        catch (GitHubException)
        {
            return null;
        }
    }

    private static bool Shows(string? title, string id) => title?.Contains(id, StringComparison.Ordinal) == true;

    public static string Short(string reference) =>
        reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference["refs/heads/".Length..]
        : reference.StartsWith("refs/tags/", StringComparison.Ordinal) ? reference["refs/tags/".Length..]
        : reference;
}
