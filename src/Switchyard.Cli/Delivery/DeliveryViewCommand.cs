using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryViewCommand : Command
{
    public DeliveryViewCommand(Shell shell)
        : base("view", "One delivery with its attempts, or its payload")
    {
        var id = IdArgument.Create<string>("delivery list", orGuid: true);
        var payload = new Option<bool>("--payload") { Description = "Print the payload as it was received" };
        Add(id);
        Add(payload);
        shell.Run(this, async (run, cancellation) =>
        {
            var path = "api/v1/deliveries/" + await IdOfAsync(run, run.Get(id)!, cancellation);
            if (run.Get(payload))
            {
                run.Printer.Write(await run.Server.GetAsync(path + "/payload", cancellation));
                return ExitCode.Ok;
            }

            run.Printer.View((await run.Server.GetAsync(path, cancellation))!, DeliveryColumns.View);
            return ExitCode.Ok;
        });
    }

    private static async Task<string> IdOfAsync(Invocation run, string given, CancellationToken cancellation)
    {
        if (!Guid.TryParse(given, out _))
        {
            return given;
        }

        // GUIDs are unique for one provider only.
        var found = (await run.Server.ListAsync("api/v1/deliveries", [new("guid", given)], 10, cancellation)).Items.Select(delivery => Members.At(delivery, "id")!).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw CommandProblem.NotFound($"There is no delivery with the GUID {given}.", new NextStep("List deliveries", Command: "switchyard delivery list")),
            _ => throw new CommandProblem(ExitCode.Conflict, "Ambiguous", $"Several deliveries have the GUID {given}: {string.Join(", ", found)}. Give one of these ids."),
        };
    }
}
