using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

internal sealed class AdminTokenRevokeCommand : Command
{
    public AdminTokenRevokeCommand(Shell shell)
        : base("revoke", "Revoke an API token at once")
    {
        var id = IdArgument.Create<string>("admin token list");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be revoked, and revoke nothing" };
        Add(id);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var token = run.Get(id)!;
            var done = !run.Get(dryRun);
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Revoke token {token}? Whoever uses it is shut out at once.", run.Get(yes));
                await run.Server.DeleteAsync("api/v1/tokens/" + Uri.EscapeDataString(token), cancellation);
            }

            run.Printer.Result(new JsonObject { ["id"] = token, ["done"] = done }, done ? $"Token {token} is revoked." : $"Would revoke token {token}.");
            return ExitCode.Ok;
        });
    }
}
