using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryRecoverCommand : Command
{
    public DeliveryRecoverCommand(Shell shell)
        : base("recover", "Look through GitHub's delivery logs for what never arrived, and take it in")
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what never arrived and take nothing in" };
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            if (run.Get(dryRun))
            {
                var plan = (await run.Server.GetAsync("api/v1/deliveries/recover", cancellation))!;
                run.Printer.Result(plan, $"{Members.At(plan, "walked")} entries looked at, {Members.At(plan, "missing")} never arrived.");
                return ExitCode.Ok;
            }

            var found = (await run.Server.PostAsync("api/v1/deliveries/recover", null, cancellation))!;
            run.Printer.Result(found, $"{Members.At(found, "walked")} entries looked at, {Members.At(found, "recovered")} recovered, {Members.At(found, "failed")} could not be.");
            return Members.Number(found, "failed") > 0 ? ExitCode.OtherSideFailed : ExitCode.Ok;
        });
    }
}
