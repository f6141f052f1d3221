namespace Switchyard.Server.Dispatches;

/// <summary>Section <c>Dispatches</c>.</summary>
public sealed class DispatchOptions
{
    public const string Section = "Dispatches";

    /// <summary>Target repositories that something is sent to at once; 0 to 64, default 8. 0: other nodes send.</summary>
    public int Lanes { get; set; } = 8;

    /// <summary>Attempts that GitHub refused for a passing reason, after which a Dispatch is Dead; 1 to 100, default 6.</summary>
    public int MaxAttempts { get; set; } = 6;

    /// <summary>How long one call may take before its outcome counts as unknown; default 20 seconds.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a Dispatch whose answer was lost is looked for before it is sent again; default 60 seconds. Longer than
    /// <see cref="SendTimeout"/>, so that no call is under way any more when it ends.
    /// </summary>
    public TimeSpan LookFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after a Dispatch its Run may take to show up before it is asked why there is none; default 2 minutes.</summary>
    public TimeSpan NoRunAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest chain of Dispatches that lead to each other; default 5.</summary>
    public int MaxHops { get; set; } = 5;

    /// <summary>How often a rule may start something for one source repository within ten minutes; default 60.</summary>
    public int LoopBrake { get; set; } = 60;

    /// <summary>Dispatches to one repository within ten seconds; GitHub blocks runs above 500, which is the default.</summary>
    public int Burst { get; set; } = 500;

    /// <summary>How long a Dispatch is kept, with its Attempts and its Run; default 90 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
