using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>A pull request. Its head may lie in a fork; the base repository has the commits under <c>refs/pull/N/head</c> all the same.</summary>
internal sealed class PullRequest
{
    public required long Id { get; init; }

    public required int Number { get; init; }

    public required Repository Base { get; init; }

    public required string BaseBranch { get; init; }

    public required Repository Head { get; init; }

    public required string HeadBranch { get; init; }

    public required Account Author { get; init; }

    public required string Title { get; set; }

    public string? Body { get; set; }

    public bool Draft { get; set; }

    public bool Open { get; set; } = true;

    public List<string> Labels { get; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public DateTimeOffset? MergedAt { get; set; }

    public Account? MergedBy { get; set; }

    public string? MergeCommit { get; set; }

    /// <summary>What lies between base and head now.</summary>
    public required PullContent Content { get; set; }

    public string HeadSha => Content.Head.Sha;

    public bool FromFork => Head != Base;

    public string HeadLabel => $"{Head.Owner.Login}:{HeadBranch}";
}

/// <summary>The tips of a pull request, and the commits and files between them.</summary>
internal sealed record PullContent(GitCommit Head, string BaseSha, int Commits, IReadOnlyList<GitChange> Files);
