using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryListCommand : Command
{
    public DeliveryListCommand(Shell shell)
        : base("list", "Deliveries, newest first")
    {
        var filters = new DeliveryFilters();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        filters.AddTo(this);
        Add(limit);
        shell.Run(this, (run, cancellation) =>
            Lists.ShowAsync(run, "api/v1/deliveries", filters.Of(run), run.Get(limit), DeliveryColumns.List, cancellation));
    }
}
