using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

/// <summary>Prints a link that signs the local administrator in to the panel, once.</summary>
internal sealed class AdminSignInCommand : Command
{
    public AdminSignInCommand(Shell shell)
        : base("sign-in", "Print a link that signs the local administrator in to the panel; it works once, for half an hour")
    {
        shell.Run(this, async (run, cancellation) =>
        {
            var link = (await run.Server.PostAsync("api/v1/sign-in-links", new JsonObject(), cancellation))!;
            var url = new Uri(run.Server.Address, Members.At(link, "path")!).ToString();
            run.Printer.Result(new JsonObject { ["url"] = url, ["expiresAt"] = Members.At(link, "expiresAt") }, url);
            return ExitCode.Ok;
        });
    }
}
