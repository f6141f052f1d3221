using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

internal sealed class RepoViewCommand : Command
{
    public RepoViewCommand(Shell shell)
        : base("view", "One repository: status, reasons, last Sync")
    {
        var repository = new RepositoryReference();
        var web = new Option<bool>("--web") { Description = "Open it on GitHub" };
        repository.AddTo(this);
        Add(web);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await repository.ResolveAsync(run, cancellation);
            if (run.Get(web) && Members.At(found, "htmlUrl") is { } address)
            {
                Browser.Open(run.Terminal, new Uri(address));
                return ExitCode.Ok;
            }

            run.Printer.View(found, RepoColumns.View);
            return ExitCode.Ok;
        });
    }
}
