namespace Switchyard.Rules;

/// <summary>A rule file without errors.</summary>
public sealed partial record RuleFile
{
    /// <summary>The version of the language; 1.</summary>
    public required int Version { get; init; }

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<Rule> Rules { get; init; }
}

/// <param name="File">Null when there is an error among the problems.</param>
/// <param name="Problems">All errors and warnings, in the order of the file.</param>
public sealed record RuleFileResult(RuleFile? File, IReadOnlyList<RuleProblem> Problems)
{
    /// <summary>The repositories that it names as targets, also where it has errors: whether they are there, is for the caller to say.</summary>
    public IReadOnlyList<TargetPlace> Targets { get; init; } = [];
}

/// <summary>What should happen on a Signal. Its name is its identity within its file.</summary>
public sealed record Rule
{
    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>Where it begins in its file, 1-based.</summary>
    public int Line { get; init; }

    /// <summary>At least one; any of them starts the rule.</summary>
    public required IReadOnlyList<Trigger> On { get; init; }

    /// <summary>Null: nothing is waited for.</summary>
    public CheckGate? Checks { get; init; }

    public Quiet Quiet { get; init; } = Quiet.None;

    /// <summary>At least one; all are done, each as a Dispatch of its own.</summary>
    public required IReadOnlyList<RuleAction> Do { get; init; }

    public Report Report { get; init; } = Report.Check;
}

/// <summary>What the source commit is told.</summary>
public enum Report
{
    /// <summary>A check run per rule and commit.</summary>
    Check,
    None,
}

public enum GateRequirement
{
    /// <summary>All that count must have passed.</summary>
    Success,

    /// <summary>All that count must be done, however they ended.</summary>
    Completed,
}

/// <summary>The checks of the source commit that are waited for.</summary>
public sealed record CheckGate
{
    public GateRequirement Require { get; init; } = GateRequirement.Success;

    /// <summary>Names of check runs and contexts of statuses, with <c>*</c> and <c>?</c>; empty: all that show up.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>How long nothing may have changed before the gate opens: checks may still be on their way.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);
}

public enum Keep
{
    /// <summary>One Dispatch for what came last.</summary>
    Latest,

    /// <summary>One Dispatch for each, once it is quiet.</summary>
    All,
}

/// <summary>How long nothing more may happen before a rule goes on.</summary>
public sealed record Quiet
{
    /// <summary>Of a rule that asks for no quiet: each Signal starts it, however soon after another it comes.</summary>
    public static Quiet None { get; } = new() { Keep = Keep.All };

    /// <summary>Of a rule that asks for checks and not for quiet: a newer commit takes the place of one whose checks are under way.</summary>
    public static Quiet WhileChecksRun { get; } = new();

    /// <summary>Zero: at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The longest wait since the first; 10 times <see cref="For"/> unless said otherwise.</summary>
    public TimeSpan Max { get; init; }

    public Keep Keep { get; init; } = Keep.Latest;

    /// <summary>What is quiet together; null: the rule, repository and branch or pull request (<see cref="QuietPeriod.Key"/>).</summary>
    public Template? Key { get; init; }
}
