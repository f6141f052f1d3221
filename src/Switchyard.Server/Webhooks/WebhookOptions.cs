namespace Switchyard.Server.Webhooks;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>The largest body taken, in bytes; GitHub sends none above 25 MB. Default 26,214,400.</summary>
    public int MaxBodyBytes { get; set; } = 25 * 1024 * 1024;

    /// <summary>Attempts after which a Delivery is Dead; 1 to 100, default 8.</summary>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>
    /// Lanes worked off at once; up to 256, default twice the processors, but 16 at most. With more of them than the machine has
    /// hands for, each finds fewer Deliveries to work off in one transaction. 0: this node only takes Deliveries in, and others
    /// work them off.
    /// </summary>
    public int Lanes { get; set; } = Math.Clamp(2 * Environment.ProcessorCount, 2, 16);

    /// <summary>How often the App's delivery log is walked for what was missed; default 5 minutes.</summary>
    public TimeSpan RecoveryInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a Delivery is kept; default 30 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the raw body of a handled Delivery is kept; default 7 days.</summary>
    public TimeSpan BodyRetention { get; set; } = TimeSpan.FromDays(7);
}
