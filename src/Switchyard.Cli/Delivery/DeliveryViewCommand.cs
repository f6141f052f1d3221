using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryViewCommand : Command
{
    public DeliveryViewCommand(Shell shell)
        : base("view", "One delivery with its attempts, or its payload")
    {
        var id = IdArgument.Create<string>("delivery list");
        var payload = new Option<bool>("--payload") { Description = "Print the payload as it was received" };
        Add(id);
        Add(payload);
        shell.Run(this, async (run, cancellation) =>
        {
            var path = "api/v1/deliveries/" + Uri.EscapeDataString(run.Get(id)!);
            if (run.Get(payload))
            {
                run.Printer.Write(await run.Server.GetAsync(path + "/payload", cancellation));
                return ExitCode.Ok;
            }

            run.Printer.View((await run.Server.GetAsync(path, cancellation))!, DeliveryColumns.View);
            return ExitCode.Ok;
        });
    }
}
