namespace Switchyard.Server.Rules.Sources;

/// <summary>What is wrong with a file of rules, and where.</summary>
public sealed record RuleProblemResource(int Line, int Column, string Path, string Severity, string Code, string Message, string? Suggestion);

/// <summary>A file of rules as the API shows it, with what is wrong with what was read last.</summary>
public sealed record RuleSourceResource(
    string Id, string Provider, string Kind, string Name, string Path, string State, string? Revision, string? Commit, DateTimeOffset UpdatedAt, IReadOnlyList<RuleProblemResource> Problems,
    string? GithubUrl);

/// <summary>What a file of rules held.</summary>
public sealed record RuleRevisionResource(string Id, string Number, string State, string? Commit, DateTimeOffset LoadedAt, string LoadedBy, IReadOnlyList<RuleProblemResource> Problems, string Text);

/// <summary>Local rules as they are handed in.</summary>
public sealed record RuleText(string? Text, string? Provider);

/// <summary>A file of rules that is to be judged.</summary>
public sealed record RuleCheck(string? Text, string? Provider, string? Kind, string? Source);

/// <summary>How a file of rules was judged.</summary>
public sealed record CheckedRules(bool Good, IReadOnlyList<string> Rules, IReadOnlyList<RuleProblemResource> Problems);
