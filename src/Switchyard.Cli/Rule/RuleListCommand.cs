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
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(source);
        Add(kind);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/rules",
            [new("source", run.Get(source)), new("kind", run.Get(kind)), new("provider", run.Get(provider))],
            run.Get(limit),
            RuleColumns.List,
            cancellation));
    }
}
