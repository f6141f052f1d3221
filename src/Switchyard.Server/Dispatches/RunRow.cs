namespace Switchyard.Server.Dispatches;

/// <summary>A row of <c>runs</c>; status and conclusion are GitHub's words, times UTC milliseconds (<c>UpdatedAt</c> by GitHub's clock).</summary>
internal sealed record RunRow
{
    public const string Columns =
        """
        r.dispatch_id, r.provider_id, r.repository_name, r.github_id, r.match, r.number, r.attempt, r.workflow_id, r.path, r.name, r.title, r.event, r.others,
        r.status, r.conclusion, r.head_sha, r.html_url, r.detail, r.next_step, r.lane, r.looks, r.due_at, r.created_at, r.started_at, r.updated_at, r.ended_at
        """;

    public long DispatchId { get; init; }

    public long ProviderId { get; init; }

    public string RepositoryName { get; init; } = "";

    public long? GithubId { get; init; }

    /// <summary>Of <see cref="RunMatch"/>.</summary>
    public string Match { get; init; } = RunMatch.NotLinked;

    public long? Number { get; init; }

    public long? Attempt { get; init; }

    public long? WorkflowId { get; init; }

    public string? Path { get; init; }

    public string? Name { get; init; }

    public string? Title { get; init; }

    public string? Event { get; init; }

    /// <summary>How many more runs the same repository_dispatch started.</summary>
    public long Others { get; init; }

    public string? Status { get; init; }

    public string? Conclusion { get; init; }

    public string? HeadSha { get; init; }

    public string? HtmlUrl { get; init; }

    public string? Detail { get; init; }

    public string? NextStep { get; init; }

    public string Lane { get; init; } = "";

    public long Looks { get; init; }

    public long? DueAt { get; init; }

    public long CreatedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? UpdatedAt { get; init; }

    public long? EndedAt { get; init; }
}
