namespace Switchyard.Server.Rules.Evaluations;

/// <summary>One condition of a rule: what it wants, what there was, and what came of it.</summary>
public sealed record ConditionResource(string Name, string Expected, string Actual, string Outcome);

/// <summary>A rule held against a Signal, as the API shows it.</summary>
public sealed record EvaluationResource(
    string Id, string SignalId, string? SignalKind, string? Repository, string? Sha, string Rule, string RuleId, string Source, string? Revision, string Result, string? Reason, DateTimeOffset At, string? PendingId,
    IReadOnlyList<ConditionResource> Conditions);
