namespace Switchyard.Server.Signals;

/// <summary>Section <c>Signals</c>.</summary>
public sealed class SignalOptions
{
    public const string Section = "Signals";

    /// <summary>How long a Signal is kept that nothing refers to any more; default 30 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often branches and tags are polled for moves that no Delivery told, where rules want to know of them; default 5 minutes.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>For how long nothing may have changed before the checks of a commit count as settled; default 30 seconds.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(30);
}
