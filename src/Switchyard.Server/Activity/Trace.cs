namespace Switchyard.Server.Activity;

/// <summary>
/// One thing of a trace. <c>Kind</c> is Delivery (or Poll, Schedule, ... where none told of it), Signal, Evaluation, Waiting, Dispatch,
/// Attempt or Run; <c>State</c> the word of its list, <c>Outcome</c> a Run's conclusion. It went on at <c>EndedAt</c>.
/// </summary>
public sealed record TraceStep(string Kind, string? Id, string Name, string? State, DateTimeOffset? At)
{
    /// <summary>Its page here, or GitHub's.</summary>
    public string? Href { get; init; }

    public string? Outcome { get; init; }

    /// <summary>Why it is so.</summary>
    public string? Detail { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it goes on by itself.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>How much of what it led to is left out.</summary>
    public long More { get; init; }

    public IReadOnlyList<TraceStep> Next { get; init; } = [];
}

/// <summary>
/// What led to what. <c>Into</c> are the ways that meet in the first of <c>Steps</c>, newest first: several Signals may be quiet
/// together. <c>MoreInto</c> says how many further ones there are.
/// </summary>
public sealed record Trace(IReadOnlyList<IReadOnlyList<TraceStep>> Into, long MoreInto, IReadOnlyList<TraceStep> Steps);
