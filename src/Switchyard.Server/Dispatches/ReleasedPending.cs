using Switchyard.Rules;

namespace Switchyard.Server.Dispatches;

/// <summary>What has matched, was quiet for long enough and passed its gate: what Dispatches are made of.</summary>
internal sealed record ReleasedPending
{
    public required long PendingId { get; init; }

    public required long ProviderId { get; init; }

    public required long RuleId { get; init; }

    public required long RevisionId { get; init; }

    public required Rule Rule { get; init; }

    /// <summary>Where the rule's file is, with what an administrator has allowed besides.</summary>
    public required RuleFileScope Scope { get; init; }

    /// <summary>The Signal that counts: the last one.</summary>
    public required long SignalId { get; init; }

    public required SignalFacts Facts { get; init; }

    /// <summary>How many Signals went in.</summary>
    public required long Signals { get; init; }

    /// <summary>The newest commit of each branch, tag and pull request that went in, oldest first; empty for a Signal without a repository.</summary>
    public required IReadOnlyList<ReleasedSource> Sources { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>The newest commit of one source.</summary>
internal sealed record ReleasedSource(long GithubRepositoryId, string RepositoryName, string Ref, string Sha, long SignalId);

/// <summary>What is to be done once the intents are committed: these lanes have work.</summary>
internal sealed record WrittenIntents(IReadOnlyList<long> DispatchIds, IReadOnlyList<string> DispatchLanes, IReadOnlyList<string> ReportLanes);
