using Switchyard.Server.Rules.Sources;

namespace Switchyard.Server.Rules.Trials;

/// <summary>A changed file of rules, and since when Signals are held against it.</summary>
public sealed record RuleTest(string? Text, string? Provider, string? Kind, string? Source, DateTimeOffset? Since);

/// <summary>One thing that would have been started.</summary>
public sealed record TestedDispatch(string Rule, string Target, string? Repository, string? Sha, string SignalId, int Signals, DateTimeOffset DueAt, bool WaitsForChecks);

/// <summary>What the changed file would have started that the one in force does not, what it no longer would, and how much stays.</summary>
public sealed record TestedRules(
    bool Good, IReadOnlyList<RuleProblemResource> Problems, DateTimeOffset Since, int Signals, bool Cut, IReadOnlyList<TestedDispatch> Added, IReadOnlyList<TestedDispatch> Removed, int Unchanged,
    IReadOnlyList<string> Unknown);
