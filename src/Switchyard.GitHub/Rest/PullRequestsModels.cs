namespace Switchyard.GitHub.Rest;

/// <summary>A pull request. <c>State</c>: open or closed; <c>Merged</c> is told for a single one, in lists see <c>MergedAt</c>.</summary>
public sealed record PullRequest(
    long Id,
    long Number,
    string? Title,
    string? State,
    bool Draft,
    bool Merged,
    DateTimeOffset? MergedAt,
    DateTimeOffset? UpdatedAt,
    string? HtmlUrl,
    GitHubAccount? User,
    PullRequestBranch? Head,
    PullRequestBranch? Base)
{
    public IReadOnlyList<GitHubLabel> Labels { get; init => field = value ?? []; } = [];
}

/// <summary>One side of a pull request. <c>Repo</c> is null when the fork was deleted.</summary>
public sealed record PullRequestBranch(string? Ref, string? Sha, string? Label, GitHubRepository? Repo);

/// <summary>A label of issues and pull requests.</summary>
public sealed record GitHubLabel(long Id, string? Name);

/// <summary>A pull request to be opened. <c>Head</c>: a branch, or <c>owner:branch</c> of a fork.</summary>
public sealed record PullRequestDraft(string Title, string Head, string Base)
{
    public string? Body { get; init; }

    public bool Draft { get; init; }
}
