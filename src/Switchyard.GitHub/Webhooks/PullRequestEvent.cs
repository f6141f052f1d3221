namespace Switchyard.GitHub.Webhooks;

/// <summary>Something happened to a pull request: the facts of the pull request as they are after it.</summary>
public sealed record PullRequestEvent : RepositoryEvent
{
    public long? Number { get; init; }

    public string? Title { get; init; }

    /// <summary>open or closed.</summary>
    public string? State { get; init; }

    public bool Draft { get; init; }

    public bool Merged { get; init; }

    public string? MergeCommitSha { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The label that was just added or removed, by <c>labeled</c> and <c>unlabeled</c>.</summary>
    public string? Label { get; init; }

    /// <summary>Who opened it.</summary>
    public string? UserLogin { get; init; }

    public string? HtmlUrl { get; init; }

    public PullRequestSide Head { get; init; } = PullRequestSide.None;

    public PullRequestSide Base { get; init; } = PullRequestSide.None;

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The head before a <c>synchronize</c>.</summary>
    public string? Before { get; init; }

    /// <summary>Whether the head is in another repository than the base; also when that one was deleted since.</summary>
    public bool IsFromFork => Head.RepositoryId is null || Head.RepositoryId != Base.RepositoryId;

    /// <summary>Null when the payload is no JSON object.</summary>
    public static PullRequestEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root =>
    {
        var pullRequest = root.Of("pull_request");
        return new PullRequestEvent
        {
            Number = pullRequest.Number("number") ?? root.Number("number"),
            Title = pullRequest.Text("title"),
            State = pullRequest.Text("state"),
            Draft = pullRequest.Flag("draft"),
            Merged = pullRequest.Flag("merged"),
            MergeCommitSha = pullRequest.Text("merge_commit_sha"),
            Labels = pullRequest.List("labels", label => label.Text("name")),
            Label = root.Of("label").Text("name"),
            UserLogin = pullRequest.Of("user").Text("login"),
            HtmlUrl = pullRequest.Text("html_url"),
            Head = PullRequestSide.Of(pullRequest.Of("head")),
            Base = PullRequestSide.Of(pullRequest.Of("base")),
            UpdatedAt = pullRequest.Time("updated_at"),
            Before = root.Text("before"),
        };
    });
}

/// <summary>Head or base of a pull request. <c>Ref</c> is a branch without <c>refs/heads/</c>; the repository is null when it was deleted.</summary>
public sealed record PullRequestSide(string? Ref, string? Sha, long? RepositoryId, string? RepositoryFullName, bool RepositoryIsFork)
{
    internal static PullRequestSide None { get; } = new(null, null, null, null, false);

    internal static PullRequestSide Of(Facts side) =>
        new(side.Text("ref"), side.Text("sha"), side.Of("repo").Number("id"), side.Of("repo").Text("full_name"), side.Of("repo").Flag("fork"));
}
