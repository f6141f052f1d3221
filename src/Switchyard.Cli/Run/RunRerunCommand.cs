using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Run;

internal sealed class RunRerunCommand : Command
{
    public RunRerunCommand(Shell shell)
        : base("rerun", "Run a run again, as its next attempt")
    {
        var reference = new RunReference();
        var failed = new Option<bool>("--failed") { Description = "Only the jobs that failed, and those that depend on them" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would run again, and start nothing" };
        reference.AddTo(this);
        Add(failed);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var id = reference.Id(run);
            var what = run.Get(failed) ? $"the failed jobs of run {id}" : $"run {id}";
            JsonObject Json(string repository, bool done) => new() { ["id"] = RunColumns.Text(id), ["repository"] = repository, ["failedOnly"] = run.Get(failed), ["done"] = done };
            if (run.Get(dryRun))
            {
                run.Printer.Result(Json(reference.Repository(run), done: false), $"Would run {what} of {reference.Repository(run)} again.");
                return ExitCode.Ok;
            }

            var (access, repository) = await reference.OpenAsync(run, "write", cancellation);
            using (access)
            {
                await repository.Api.Actions.RerunAsync(repository.Owner, repository.Name, id, run.Get(failed), cancellation);
                run.Printer.Result(Json(repository.FullName, done: true), $"Running {what} of {repository.FullName} again.");
                run.Printer.Say($"Follow it:  {run.Terminal.Program} run watch {repository.FullName} {id}");
                return ExitCode.Ok;
            }
        });
    }
}
