using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Run;

internal sealed class RunWatchCommand : Command
{
    public RunWatchCommand(Shell shell)
        : base("watch", "Wait for a run's end; 0 when it succeeded, 1 when it ended otherwise")
    {
        var reference = new RunReference();
        var timeout = RunFollow.TimeoutOption();
        reference.AddTo(this);
        Add(timeout);
        shell.Run(this, async (run, cancellation) =>
        {
            var (access, repository) = await reference.OpenAsync(run, "read", cancellation);
            using (access)
            {
                var ended = await RunFollow.ToEndAsync(run, repository, reference.Id(run), Durations.Parse(run.Get(timeout)!), cancellation);
                return await RunFollow.EndAsync(run, repository, ended, () => run.Printer.Result(RunColumns.Json(repository.FullName, ended), ended.Conclusion ?? "unknown"), cancellation);
            }
        });
    }
}
