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
        var since = new Option<string?>("--since") { Description = "Received since: a time, or how long ago, as 24h", HelpName = "TIME" };
        var until = new Option<string?>("--until") { Description = "Received before: a time, or how long ago", HelpName = "TIME" };
        filters.AddTo(this);
        Add(since);
        Add(until);
        Add(limit);
        shell.Run(this, (run, cancellation) =>
            Lists.ShowAsync(run, "api/v1/deliveries", [.. filters.Of(run), new("since", run.Get(since)), new("until", run.Get(until))], run.Get(limit), DeliveryColumns.List, cancellation));
    }
}
