using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

/// <summary>Repositories that rules may start something in, beyond those of their file's own account.</summary>
internal sealed class AdminTargetCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("id", "Id"),
        new("pattern", "Repositories"),
        new("provider", "Provider"),
        new("createdBy", "Allowed by"),
        new("createdAt", "When"),
    ];

    public AdminTargetCommand(Shell shell)
        : base("target", "Repositories that rules may start something in, beyond those of their file's own account")
    {
        Add(new AdminTargetAllowCommand(shell));
        Add(List(shell));
        Add(new AdminTargetRemoveCommand(shell));
    }

    private static Command List(Shell shell)
    {
        var list = new Command("list", "What administrators have allowed");
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        list.Aliases.Add("ls");
        list.Add(provider);
        list.Add(limit);
        shell.Run(list, (run, cancellation) => Lists.ShowAsync(run, "api/v1/targets", [new("provider", run.Get(provider))], run.Get(limit), Columns, cancellation));
        return list;
    }
}
