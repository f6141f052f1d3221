using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

/// <summary>Who changed what, or tried to.</summary>
internal sealed class AdminAuditCommand : Command
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("at", "When"),
        new("actor", "Actor"),
        new("action", "Action"),
        new("object", "Object"),
        Column.State("result", "Result"),
        new("detail", "Detail"),
        new("address", "Address"),
        new("requestId", "Request"),
    ];

    public AdminAuditCommand(Shell shell)
        : base("audit", "Changes and denied attempts, the last one first")
    {
        var actor = new Option<string?>("--actor") { Description = "Only what this user or token did", HelpName = "NAME" };
        var action = new Option<string?>("--action") { Description = "Only this action, such as token.create", HelpName = "ACTION" };
        var result = new Option<string?>("--result") { Description = "Done, Refused, Denied or Failed", HelpName = "RESULT" };
        var limit = Lists.Limit();
        Add(actor);
        Add(action);
        Add(result);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run, "api/v1/audit", [new("actor", run.Get(actor)), new("action", run.Get(action)), new("result", run.Get(result))], run.Get(limit), Columns, cancellation));
    }
}
