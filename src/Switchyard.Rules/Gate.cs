namespace Switchyard.Rules;

/// <summary>One check run, as GitHub has it.</summary>
public sealed record CheckRunState
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c> or another word of GitHub's.</summary>
    public required string Status { get; init; }

    /// <summary>Null until it is completed, and sometimes after.</summary>
    public string? Conclusion { get; init; }

    public long? AppId { get; init; }

    public long? SuiteId { get; init; }

    public string? ExternalId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? HtmlUrl { get; init; }
}

/// <summary>One check suite; only those that have runs say anything.</summary>
public sealed record CheckSuiteState
{
    public required long Id { get; init; }

    public string? Status { get; init; }

    public string? Conclusion { get; init; }

    public long? AppId { get; init; }

    public int? RunsCount { get; init; }
}

/// <summary>A commit status; for a context the newest counts.</summary>
public sealed record CommitStatusState
{
    public required string Context { get; init; }

    /// <summary><c>success</c>, <c>pending</c>, <c>failure</c> or <c>error</c>.</summary>
    public required string State { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>All checks and statuses of one commit at one moment.</summary>
public sealed record ChecksSnapshot
{
    public IReadOnlyList<CheckRunState> CheckRuns { get; init; } = [];

    public IReadOnlyList<CheckSuiteState> Suites { get; init; } = [];

    public IReadOnlyList<CommitStatusState> Statuses { get; init; } = [];

    /// <summary>Equal as long as nothing that counts has changed; for <see cref="GateTimes.LastChange"/>.</summary>
    /// <param name="ownAppId">The App whose checks are left out.</param>
    public string Digest(long? ownAppId) => throw new NotSupportedException();
}

/// <param name="Now">The moment of the judgement.</param>
/// <param name="WaitingSince">Since when the gate is waited for; the time-out counts from here.</param>
/// <param name="LastChange">When <see cref="ChecksSnapshot.Digest"/> was last seen to change; null: never seen before.</param>
public sealed record GateTimes(DateTimeOffset Now, DateTimeOffset WaitingSince, DateTimeOffset? LastChange);

public enum GateState
{
    Open,
    Wait,

    /// <summary>A check did not pass. Whether to go on looking is for the caller: a re-run may turn it.</summary>
    Failed,
    TimedOut,
}

/// <param name="State">What to do.</param>
/// <param name="Sentence">For people: <c>checks 3 of 5: waiting for test</c>.</param>
/// <param name="Passed">How many that count are as required.</param>
/// <param name="Total">How many count.</param>
/// <param name="LookAgainAt">When the answer changes by time alone; null: never.</param>
public sealed record GateVerdict(GateState State, string Sentence, int Passed, int Total, DateTimeOffset? LookAgainAt);

/// <summary>Whether the checks of a commit let a rule go on (design, section 7).</summary>
public static class Gate
{
    /// <param name="gate">What the rule asks for.</param>
    /// <param name="snapshot">What GitHub says now.</param>
    /// <param name="times">When.</param>
    /// <param name="ownAppId">Our App: its checks are left out, or a rule would wait for itself.</param>
    public static GateVerdict Judge(CheckGate gate, ChecksSnapshot snapshot, GateTimes times, long? ownAppId) => throw new NotSupportedException();
}
