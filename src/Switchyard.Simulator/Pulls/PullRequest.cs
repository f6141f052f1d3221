using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>A pull request. Its head may lie in a fork; the base repository has the commits under <c>refs/pull/N/head</c> all the same.</summary>
internal sealed class PullRequest
{
    public required long Id { get; init; }

    public required int Number { get; init; }

    public required Repository Base { get; init; }

    public required string BaseBranch { get; init; }

    public required string BaseSha { get; set; }

    public required Repository Head { get; init; }

    public required string HeadBranch { get; init; }

    public required string HeadSha { get; set; }

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

    public string? MergeCommit { get; set; }

    public bool FromFork => Head != Base;
}
