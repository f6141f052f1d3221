namespace Switchyard.Server.Webhooks;

/// <summary>A Delivery that no further attempt can work off; the message says why, and the next step.</summary>
internal sealed class DeliveryException(string message) : Exception(message);
