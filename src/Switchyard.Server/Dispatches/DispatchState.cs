namespace Switchyard.Server.Dispatches;

internal static class DispatchState
{
    /// <summary>Not sent yet.</summary>
    public const string Pending = "Pending";

    /// <summary>The call is under way, or was when the process ended.</summary>
    public const string Sending = "Sending";

    /// <summary>GitHub has taken it.</summary>
    public const string Sent = "Sent";

    /// <summary>GitHub may have taken it: it is looked for before anything is sent again.</summary>
    public const string Unconfirmed = "Unconfirmed";

    /// <summary>GitHub has certainly not taken it, and it is worth another try.</summary>
    public const string Retrying = "Retrying";

    public const string Failed = "Failed";
    public const string Cancelled = "Cancelled";

    /// <summary>Tried as often as is allowed.</summary>
    public const string Dead = "Dead";

    /// <summary>It may not go out; the error says why.</summary>
    public const string Suppressed = "Suppressed";

    public static readonly string[] All = [Pending, Sending, Sent, Unconfirmed, Retrying, Failed, Cancelled, Dead, Suppressed];

    /// <summary>Those that a lane works on, for SQL.</summary>
    public const string Open = $"('{Pending}', '{Sending}', '{Unconfirmed}', '{Retrying}')";
}

internal static class DispatchKind
{
    public const string Workflow = "workflow";
    public const string Dispatch = "dispatch";
    public const string Job = "job";

    /// <summary>The event that it is to the target's workflows.</summary>
    public static string EventOf(string kind) => kind == Workflow ? "workflow_dispatch" : "repository_dispatch";
}

/// <summary>Why a Dispatch waits although nothing failed.</summary>
internal static class Held
{
    public const string RateLimited = "RateLimited";
    public const string Suspended = "Suspended";
    public const string Unreachable = "Unreachable";
}

internal static class AttemptResult
{
    public const string Sending = "Sending";
    public const string Sent = "Sent";
    public const string Refused = "Refused";
    public const string Unreachable = "Unreachable";

    /// <summary>The answer was lost.</summary>
    public const string Unknown = "Unknown";

    /// <summary>The answer was lost, and GitHub shows nothing of it.</summary>
    public const string NotTaken = "NotTaken";
}

/// <summary>How a Run was found, or why there is none.</summary>
internal static class RunMatch
{
    /// <summary>GitHub named it when it took the Dispatch.</summary>
    public const string Details = "Details";

    /// <summary>Its title shows our id.</summary>
    public const string Id = "Id";

    /// <summary>It is the only one that it can be, by event, workflow, ref, actor and time.</summary>
    public const string ProbableMatch = "ProbableMatch";

    public const string NotLinked = "NotLinked";
    public const string NoListener = "NoListener";
}
