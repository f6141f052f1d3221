using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryRecoverCommand : Command
{
    public DeliveryRecoverCommand(Shell shell)
        : base("recover", "Look through GitHub's delivery logs for what never arrived, and take it in")
    {
        shell.Run(this, async (run, cancellation) =>
        {
            var found = (await run.Server.PostAsync("api/v1/deliveries/recover", null, cancellation))!;
            run.Printer.Result(found, $"{Members.At(found, "walked")} entries looked at, {Members.At(found, "recovered")} recovered, {Members.At(found, "failed")} could not be.");
            return Members.Number(found, "failed") > 0 ? ExitCode.OtherSideFailed : ExitCode.Ok;
        });
    }
}
