using System.CommandLine;

namespace Switchyard.Cli.Delivery;

internal sealed class DeliveryCommand : Command
{
    public DeliveryCommand(Shell shell)
        : base("delivery", "Webhook deliveries: received, handled, failed, missed")
    {
        Add(new DeliveryListCommand(shell));
        Add(new DeliveryViewCommand(shell));
        Add(new DeliveryReplayCommand(shell));
        Add(new DeliveryRecoverCommand(shell));
    }
}
