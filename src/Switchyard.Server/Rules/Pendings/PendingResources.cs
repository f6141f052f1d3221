namespace Switchyard.Server.Rules.Pendings;

/// <summary>A commit that went in, and how many Signals it stands for.</summary>
public sealed record PendingSourceResource(string Repository, string Ref, string Sha, long Signals, string SignalId);

/// <summary>What has matched and waits, or has waited, as the API shows it.</summary>
public sealed record PendingResource(
    string Id, string Rule, string RuleId, string Source, string Provider, string Key, string State, string? Detail, string SignalId, DateTimeOffset FirstAt, DateTimeOffset LastAt, DateTimeOffset? DueAt,
    DateTimeOffset? QuietUntil, DateTimeOffset? QuietEndedAt, string? QuietEndedBy, DateTimeOffset? ChecksSince, DateTimeOffset? EndedAt, string? EndedBy, IReadOnlyList<string> Steps,
    IReadOnlyList<PendingSourceResource> Sources);
