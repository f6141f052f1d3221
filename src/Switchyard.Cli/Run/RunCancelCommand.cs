using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.GitHub;

namespace Switchyard.Cli.Run;

internal sealed class RunCancelCommand : Command
{
    public RunCancelCommand(Shell shell)
        : base("cancel", "Cancel a run")
    {
        var reference = new RunReference();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be cancelled, and cancel nothing" };
        reference.AddTo(this);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var id = reference.Id(run);
            JsonObject Json(string repository, bool done) => new() { ["id"] = RunColumns.Text(id), ["repository"] = repository, ["done"] = done };
            if (run.Get(dryRun))
            {
                run.Printer.Result(Json(reference.Repository(run), done: false), $"Would cancel run {id} of {reference.Repository(run)}.");
                return ExitCode.Ok;
            }

            var (access, repository) = await reference.OpenAsync(run, "write", cancellation);
            using (access)
            {
                try
                {
                    await repository.Api.Actions.CancelRunAsync(repository.Owner, repository.Name, id, cancellation);
                }
                catch (GitHubException over) when (over.Status == 409)
                {
                    throw new CommandProblem(ExitCode.Conflict, "RunEnded", over.Message, new NextStep("How it ended", Command: $"switchyard run view {repository.FullName} {id}"));
                }

                run.Printer.Result(Json(repository.FullName, done: true), $"Run {id} of {repository.FullName} is being cancelled.");
                return ExitCode.Ok;
            }
        });
    }
}
