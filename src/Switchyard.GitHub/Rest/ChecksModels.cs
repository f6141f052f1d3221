using System.Text.Json.Serialization;

namespace Switchyard.GitHub.Rest;

/// <summary>The App that made a check.</summary>
public sealed record CheckApp(long Id, string? Slug, string? Name);

/// <summary>
/// A check run. <c>Status</c>: queued, in_progress, completed, waiting, requested, pending; <c>Conclusion</c>: success,
/// failure, neutral, cancelled, skipped, timed_out, action_required, stale, or null. <c>ExternalId</c> is its maker's.
/// </summary>
public sealed record CheckRun(
    long Id,
    string? Name,
    string? HeadSha,
    string? Status,
    string? Conclusion,
    string? ExternalId,
    string? DetailsUrl,
    string? HtmlUrl,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    CheckApp? App,
    CheckSuiteId? CheckSuite);

/// <summary>The suite a check run belongs to.</summary>
public sealed record CheckSuiteId(long Id);

/// <summary>A check suite. One of an App that runs nothing stays queued for ever, with <c>LatestCheckRunsCount</c> 0. <c>Conclusion</c> may also be startup_failure.</summary>
public sealed record CheckSuite(
    long Id,
    string? HeadSha,
    string? HeadBranch,
    string? Status,
    string? Conclusion,
    long LatestCheckRunsCount,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? UpdatedAt,
    CheckApp? App);

/// <summary>
/// The commit statuses of a commit, the latest of each context. <c>State</c>: failure, pending, success; GitHub says
/// <c>pending</c> where there are none at all, which <see cref="HasStatuses"/> tells apart.
/// </summary>
public sealed record CombinedStatus(string? State, string? Sha, int TotalCount)
{
    public IReadOnlyList<CommitStatus> Statuses { get; init => field = value ?? []; } = [];

    [JsonIgnore]
    public bool HasStatuses => Statuses.Count > 0;
}

/// <summary>A commit status. <c>State</c>: error, failure, pending, success.</summary>
public sealed record CommitStatus(long Id, string? Context, string? State, string? Description, string? TargetUrl, DateTimeOffset? CreatedAt, DateTimeOffset? UpdatedAt);

/// <summary>
/// A check run to be made, or what to change of one: null leaves as it is. <c>Conclusion</c> is needed with the status
/// <c>completed</c>. Texts above GitHub's limits are cut, and say so.
/// </summary>
public sealed record CheckRunDraft
{
    /// <summary>Required to make one.</summary>
    public string? Name { get; init; }

    /// <summary>Required to make one; cannot be changed.</summary>
    public string? HeadSha { get; init; }

    /// <summary>queued, in_progress or completed.</summary>
    public string? Status { get; init; }

    /// <summary>action_required, cancelled, failure, neutral, success, skipped or timed_out.</summary>
    public string? Conclusion { get; init; }

    public string? DetailsUrl { get; init; }

    /// <summary>An id of ours, by which the check run is found again.</summary>
    public string? ExternalId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The headline; GitHub wants one with any summary, text or annotation.</summary>
    public string? Title { get; init; }

    /// <summary>Markdown, at most 65,535 characters.</summary>
    public string? Summary { get; init; }

    /// <summary>Markdown, at most 65,535 characters.</summary>
    public string? Text { get; init; }

    /// <summary>Added to those that are there. More than 50 are sent in several calls.</summary>
    public IReadOnlyList<CheckAnnotation> Annotations { get; init; } = [];
}

/// <summary>A note at lines of a file. <c>Level</c>: notice, warning or failure. Columns only where the lines are one and the same.</summary>
public sealed record CheckAnnotation(string Path, int StartLine, int EndLine, string Level, string Message)
{
    public int? StartColumn { get; init; }

    public int? EndColumn { get; init; }

    /// <summary>At most 255 characters.</summary>
    public string? Title { get; init; }

    public string? RawDetails { get; init; }
}
