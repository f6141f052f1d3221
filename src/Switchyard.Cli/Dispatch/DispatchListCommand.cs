using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Dispatches;

namespace Switchyard.Cli.Dispatch;

internal sealed class DispatchListCommand : Command
{
    public DispatchListCommand(Shell shell)
        : base("list", "Dispatches of the server with their Runs, newest first")
    {
        var state = WordOption.Create("--state", DispatchState.All);
        var rule = new Option<string?>("--rule") { Description = "The rule's name or id", HelpName = "RULE" };
        var repository = new Option<string?>("--repo") { Description = "owner/name of the source", HelpName = "R" };
        var target = new Option<string?>("--target") { Description = "owner/name of the target", HelpName = "R" };
        var runIs = new Option<string?>("--run") { Description = "What its Run is: success, failure, in_progress, NoListener, ...", HelpName = "WORD" };
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(state);
        Add(rule);
        Add(repository);
        Add(target);
        Add(runIs);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/dispatches",
            [new("state", run.Get(state)), new("rule", run.Get(rule)), new("repository", run.Get(repository)), new("target", run.Get(target)), new("run", run.Get(runIs)), new("provider", run.Get(provider))],
            run.Get(limit),
            DispatchColumns.List,
            cancellation));
    }
}
