using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Rules.Pendings;

namespace Switchyard.Cli.Pending;

internal sealed class PendingListCommand : Command
{
    public PendingListCommand(Shell shell)
        : base("list", "What waits or waited, newest first")
    {
        var state = WordOption.Create("--state", PendingState.All);
        var rule = new Option<string?>("--rule") { Description = "Only of the rule of this name", HelpName = "NAME" };
        var repository = new Option<string?>("--repo") { Description = "Only with a commit of this repository", HelpName = "R" };
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(state);
        Add(rule);
        Add(repository);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/pendings",
            [new("state", run.Get(state)), new("rule", run.Get(rule)), new("repository", run.Get(repository)), new("provider", run.Get(provider))],
            run.Get(limit),
            PendingColumns.List,
            cancellation));
    }
}
