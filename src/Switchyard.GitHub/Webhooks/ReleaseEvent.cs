namespace Switchyard.GitHub.Webhooks;

/// <summary>A release was published, changed or removed.</summary>
public sealed record ReleaseEvent : RepositoryEvent
{
    public long? ReleaseId { get; init; }

    public string? TagName { get; init; }

    /// <summary>The branch or commit the tag is made from, where the tag did not exist.</summary>
    public string? TargetCommitish { get; init; }

    public string? Name { get; init; }

    public bool Draft { get; init; }

    public bool Prerelease { get; init; }

    public string? AuthorLogin { get; init; }

    public string? HtmlUrl { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Missing in what older hosts send.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The notes, in Markdown.</summary>
    public string? Body { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static ReleaseEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root =>
    {
        var release = root.Of("release");
        return new ReleaseEvent
        {
            ReleaseId = release.Number("id"),
            TagName = release.Text("tag_name"),
            TargetCommitish = release.Text("target_commitish"),
            Name = release.Text("name"),
            Draft = release.Flag("draft"),
            Prerelease = release.Flag("prerelease"),
            AuthorLogin = release.Of("author").Text("login"),
            HtmlUrl = release.Text("html_url"),
            CreatedAt = release.Time("created_at"),
            PublishedAt = release.Time("published_at"),
            UpdatedAt = release.Time("updated_at"),
            Body = release.Text("body"),
        };
    });
}
