using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Vault;

internal sealed class VaultStatusCommand : Command
{
    public VaultStatusCommand(Shell shell)
        : base("status", "The vaults that are configured, and whether they answer")
    {
        shell.Run(this, async (run, cancellation) =>
        {
            var state = (await run.Server.GetAsync("api/v1/vault", cancellation))!;
            var vaults = Members.Member(state, "vaults") as JsonArray ?? [];
            run.Printer.Result(
                state,
                string.Join('\n', vaults.Select(vault => $"{Members.At(vault, "kind")}: {(Members.At(vault, "usable") == "true" ? "usable, " : "cannot be used. ")}{Members.At(vault, "place")}"))
                    + $"\nNew secrets go to: {Members.At(state, "kind")}");
            return vaults.All(vault => Members.At(vault, "usable") == "true") ? ExitCode.Ok : ExitCode.OtherSideFailed;
        });
    }
}
