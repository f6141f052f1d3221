using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

/// <summary>People who have signed in to the panel.</summary>
internal sealed class AdminUserCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("id", "Id"),
        new("login", "Login"),
        new("name", "Name"),
        new("provider", "Provider"),
        new("role", "Role"),
        Column.State("state", "State"),
        new("reason", "Reason"),
        new("sessions", "Sessions"),
        new("lastSeenAt", "Last seen"),
        new("verifiedAt", "Verified"),
    ];

    private readonly Shell shell;

    public AdminUserCommand(Shell shell)
        : base("user", "People who have signed in to the panel")
    {
        this.shell = shell;
        Add(List());
        Add(End());
    }

    private Command List()
    {
        var limit = Lists.Limit();
        var list = new Command("list", "Who has signed in, with which role, and how they stand") { limit };
        list.Aliases.Add("ls");
        shell.Run(list, (run, cancellation) => Lists.ShowAsync(run, "api/v1/users", [], run.Get(limit), Columns, cancellation));
        return list;
    }

    private Command End()
    {
        var id = IdArgument.Create<string>("admin user list");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be ended, and change nothing" };
        var end = new Command("sign-out", "End all sessions of a person; who still has a grant may sign in again") { id, yes, dryRun };
        shell.Run(end, async (run, cancellation) =>
        {
            var (user, done) = (run.Get(id)!, !run.Get(dryRun));
            if (done)
            {
                Confirmation.Require(run.Terminal, $"End all sessions of user {user}?", run.Get(yes));
                await run.Server.DeleteAsync($"api/v1/users/{Uri.EscapeDataString(user)}/sessions", cancellation);
            }

            run.Printer.Result(new JsonObject { ["id"] = user, ["done"] = done }, done ? $"The sessions of user {user} are ended." : $"Would end the sessions of user {user}.");
            return ExitCode.Ok;
        });
        return end;
    }
}
