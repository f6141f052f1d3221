using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Vault;

/// <summary>The server moves them; no value comes to this machine.</summary>
internal sealed class VaultMoveCommand : Command
{
    public VaultMoveCommand(Shell shell)
        : base("move", "Move all secrets into one vault; can be run again where it was ended")
    {
        var to = new Option<string>("--to") { Description = "local, azure, hashicorp or oci; it must be configured", HelpName = "VAULT", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be moved, and move nothing" };
        to.AcceptOnlyFromAmong("local", "azure", "hashicorp", "oci");
        Add(to);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var done = (await run.Server.PostAsync("api/v1/vault/move", new JsonObject { ["to"] = run.Get(to), ["dryRun"] = run.Get(dryRun) }, cancellation))!;
            run.Printer.Result(done, Describe(done, run.Get(dryRun)));
            if (Members.At(done, "note") is { } note)
            {
                run.Printer.Say(note);
            }

            return run.Get(dryRun) || Members.At(done, "left") == "0" ? ExitCode.Ok : ExitCode.OtherSideFailed;
        });
    }

    private static string Describe(JsonNode done, bool dryRun)
    {
        var to = Members.At(done, "to");
        var lines = new List<string>();
        if (dryRun)
        {
            lines.AddRange((Members.Member(done, "scopes") as JsonArray ?? []).Select(scope => $"{Members.At(scope, "scope")}: {Members.At(scope, "secrets")} from {Members.At(scope, "vault")}"));
            lines.Add($"Would move {Members.At(done, "left")} to {to}.");
        }
        else
        {
            lines.AddRange((Members.Member(done, "failed") as JsonArray ?? []).Select(one => $"{Members.At(one, "scope")} {Members.At(one, "name")} stayed: {Members.At(one, "reason")}"));
            lines.Add($"{Members.At(done, "moved")} moved to {to}; {Members.At(done, "left")} elsewhere.");
        }

        return string.Join('\n', lines);
    }
}
