using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule;

internal sealed class RuleListCommand : Command
{
    public RuleListCommand(Shell shell)
        : base("list", "The rules in force")
    {
        var source = new Option<string?>("--source") { Description = "Only those of this file: owner/name, or the name of the local rules", HelpName = "S" };
        var kind = WordOption.Create("--kind", Enum.GetNames<RuleFileKind>(), "Only those of files of this kind: ");
        var state = WordOption.Create("--state", ["Enabled", "Disabled"], "Only those that are: ");
        var signal = WordOption.Create("--signal", SignalKind.All, "Only those that take this kind of signal: ");
        var search = new Option<string?>("--search") { Description = "Only those whose name or target has this in it", HelpName = "TEXT" };
        var repository = new Option<string?>("--repo") { Description = "Only those that this repository may start, or that start something in it", HelpName = "OWNER/NAME" };
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(source);
        Add(kind);
        Add(state);
        Add(signal);
        Add(search);
        Add(repository);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/rules",
            [new("source", run.Get(source)), new("kind", run.Get(kind)), new("state", run.Get(state)), new("signal", run.Get(signal)), new("q", run.Get(search)), new("repository", run.Get(repository)), new("provider", run.Get(provider))],
            run.Get(limit),
            RuleColumns.List,
            cancellation));
    }
}
