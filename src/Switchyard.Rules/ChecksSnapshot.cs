using System.Security.Cryptography;
using System.Text;
using Switchyard.Rules.Matching;

namespace Switchyard.Rules;

/// <summary>One check run, as GitHub has it.</summary>
public sealed record CheckRunState
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c> or another word of GitHub's.</summary>
    public required string Status { get; init; }

    /// <summary>Null until it is completed, and sometimes after.</summary>
    public string? Conclusion { get; init; }

    public long? AppId { get; init; }

    public long? SuiteId { get; init; }

    public string? ExternalId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? HtmlUrl { get; init; }
}

/// <summary>One check suite; only those that have runs say anything.</summary>
public sealed record CheckSuiteState
{
    public required long Id { get; init; }

    public string? Status { get; init; }

    public string? Conclusion { get; init; }

    public long? AppId { get; init; }

    public int? RunsCount { get; init; }
}

/// <summary>A commit status; for a context the newest counts.</summary>
public sealed record CommitStatusState
{
    public required string Context { get; init; }

    /// <summary><c>success</c>, <c>pending</c>, <c>failure</c> or <c>error</c>.</summary>
    public required string State { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>All checks and statuses of one commit at one moment.</summary>
public sealed record ChecksSnapshot
{
    public IReadOnlyList<CheckRunState> CheckRuns { get; init; } = [];

    public IReadOnlyList<CheckSuiteState> Suites { get; init; } = [];

    public IReadOnlyList<CommitStatusState> Statuses { get; init; } = [];

    /// <summary>What counts, each with the time of its conclusion: without our own, and of same-named ones the newest.</summary>
    /// <param name="ownAppId">The App whose checks are left out.</param>
    public IReadOnlyList<(CheckFacts Check, DateTimeOffset? At)> Counted(long? ownAppId) =>
        [.. CountedChecks.Of(this, ownAppId).Select(check => (new CheckFacts { Name = check.Name, Conclusion = check.IsDone ? check.Conclusion : null }, check.At))];

    /// <summary>Equal as long as nothing that counts has changed; for <see cref="GateTimes.LastChange"/>.</summary>
    /// <param name="ownAppId">The App whose checks are left out.</param>
    public string Digest(long? ownAppId)
    {
        var lines = CountedChecks.Of(this, ownAppId)
            .Select(check => $"{check.Key}\n{(check.IsDone ? check.Conclusion : "")}\n{check.IsDone}")
            .Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }
}
