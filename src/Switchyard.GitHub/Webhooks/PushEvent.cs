namespace Switchyard.GitHub.Webhooks;

/// <summary>One ref that moved. The list of commits is a hint: at most 2,048, none after some force pushes.</summary>
public sealed record PushEvent : RepositoryEvent
{
    /// <summary>The whole ref: <c>refs/heads/main</c>, <c>refs/tags/v1</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>40 zeros for a new ref.</summary>
    public string? Before { get; init; }

    /// <summary>40 zeros for a deleted ref; the tag object of an annotated tag.</summary>
    public string? After { get; init; }

    public bool Created { get; init; }

    public bool Deleted { get; init; }

    public bool Forced { get; init; }

    public string? BaseRef { get; init; }

    /// <summary>Where a person sees what changed.</summary>
    public string? CompareUrl { get; init; }

    public IReadOnlyList<PushedCommit> Commits { get; init; } = [];

    /// <summary>The commit at the ref's new place; null after a deletion.</summary>
    public PushedCommit? HeadCommit { get; init; }

    /// <summary>Who pushed: a login, or a deploy key's name.</summary>
    public string? PusherName { get; init; }

    /// <summary>When the repository was last pushed to, in whole seconds.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static PushEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new PushEvent
    {
        Ref = root.Text("ref"),
        Before = root.Text("before"),
        After = root.Text("after"),
        Created = root.Flag("created"),
        Deleted = root.Flag("deleted"),
        Forced = root.Flag("forced"),
        BaseRef = root.Text("base_ref"),
        CompareUrl = root.Text("compare"),
        Commits = root.List("commits", Commit),
        HeadCommit = Commit(root.Of("head_commit")),
        PusherName = root.Of("pusher").Text("name"),
        PushedAt = root.Of("repository").Time("pushed_at"),
    });

    private static PushedCommit? Commit(Facts commit) => commit.Text("id") is { } id
        ? new PushedCommit(id, commit.Time("timestamp"), commit.Text("message"), commit.Of("author").Text("username"), commit.Of("author").Text("name"), commit.Of("author").Text("email"))
        {
            Added = commit.Texts("added"),
            Removed = commit.Texts("removed"),
            Modified = commit.Texts("modified"),
        }
        : null;
}

/// <summary>A commit of a push. Its lists of files hold at most 3,000.</summary>
public sealed record PushedCommit(string Id, DateTimeOffset? Timestamp, string? Message, string? AuthorLogin, string? AuthorName, string? AuthorEmail)
{
    public IReadOnlyList<string> Added { get; init; } = [];

    public IReadOnlyList<string> Removed { get; init; } = [];

    public IReadOnlyList<string> Modified { get; init; } = [];
}
