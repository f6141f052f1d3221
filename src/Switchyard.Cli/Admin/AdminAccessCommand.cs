using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

/// <summary>Who on GitHub may sign in to the panel, and as what.</summary>
internal sealed class AdminAccessCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("id", "Id"),
        Column.Of("account", "Who", item => Members.At(item, "team") is { } team ? $"{Members.At(item, "account")}/{team}" : Members.At(item, "account")),
        new("kind", "Kind"),
        new("role", "Role"),
        new("provider", "Provider"),
        new("createdBy", "Granted by"),
        new("createdAt", "When"),
    ];

    public AdminAccessCommand(Shell shell)
        : base("access", "Who on GitHub may sign in to the panel, and as what")
    {
        Add(List(shell));
        Add(Grant(shell));
        Add(Remove(shell));
    }

    private static Command List(Shell shell)
    {
        var limit = Lists.Limit();
        var list = new Command("list", "Organizations, teams and users that may sign in") { limit };
        list.Aliases.Add("ls");
        shell.Run(list, (run, cancellation) => Lists.ShowAsync(run, "api/v1/access/grants", [], run.Get(limit), Columns, cancellation));
        return list;
    }

    private static Command Grant(Shell shell)
    {
        var who = new Argument<string>("who") { Description = "acme (an organization), acme/data (a team of it) or @ann (a user)" };
        var role = new Option<string>("--role") { Description = "viewer, operator or admin", HelpName = "ROLE", DefaultValueFactory = _ => "viewer" };
        var provider = new Option<string?>("--provider") { Description = "Of which provider, where there are several: its slug", HelpName = "P" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be granted, and change nothing" };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var add = new Command("add", "Let an organization, a team or a user sign in with a role") { who, role, provider, dryRun };
        shell.Run(add, async (run, cancellation) =>
        {
            var given = run.Get(who)!;
            var kind = given.StartsWith('@') ? "user" : given.Contains('/', StringComparison.Ordinal) ? "team" : "organization";
            var request = new JsonObject { ["provider"] = run.Get(provider), ["kind"] = kind, ["account"] = given.TrimStart('@'), ["role"] = run.Get(role) };
            if (run.Get(dryRun))
            {
                run.Printer.Result(request, $"Would let the {kind} {given.TrimStart('@')} sign in as {run.Get(role)}.");
                return ExitCode.Ok;
            }

            var grant = (await run.Server.PostAsync("api/v1/access/grants", request, cancellation))!;
            run.Printer.Result(grant, $"The {kind} {given.TrimStart('@')} may sign in as {run.Get(role)}.");
            return ExitCode.Ok;
        });
        return add;
    }

    private static Command Remove(Shell shell)
    {
        var id = IdArgument.Create<string>("admin access list");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be taken back, and change nothing" };
        var remove = new Command("remove", "Take a grant back; who is in by it alone is shut out at once") { id, yes, dryRun };
        shell.Run(remove, async (run, cancellation) =>
        {
            var grant = run.Get(id)!;
            var done = !run.Get(dryRun);
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Take grant {grant} back? Who is signed in by it alone is shut out at once.", run.Get(yes));
                await run.Server.DeleteAsync("api/v1/access/grants/" + Uri.EscapeDataString(grant), cancellation);
            }

            run.Printer.Result(new JsonObject { ["id"] = grant, ["done"] = done }, done ? $"Grant {grant} is taken back." : $"Would take grant {grant} back.");
            return ExitCode.Ok;
        });
        return remove;
    }
}
