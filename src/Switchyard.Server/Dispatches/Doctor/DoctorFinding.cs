namespace Switchyard.Server.Dispatches.Doctor;

internal static class FindingState
{
    public const string Ok = "ok";

    /// <summary>It works, and something of it is slower, less certain or not shown.</summary>
    public const string Warning = "warning";

    /// <summary>The rule would start nothing, or GitHub would refuse it.</summary>
    public const string Error = "error";

    /// <summary>It cannot be told ahead, or GitHub could not be asked.</summary>
    public const string Unknown = "unknown";
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Rule">The rule; null for a file of rules as a whole, and for an App.</param>
/// <param name="Source">The file of the rule; null for an App.</param>
/// <param name="Subject">What was looked at: a repository, a workflow, the App.</param>
/// <param name="State">Of <see cref="FindingState"/>.</param>
/// <param name="Message">What is so.</param>
/// <param name="Next">What to do about it; null where nothing is.</param>
internal sealed record DoctorFinding(string? Rule, string? RuleId, string? Source, string Subject, string State, string Message, string? Next);
