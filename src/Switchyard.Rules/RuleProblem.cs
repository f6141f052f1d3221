namespace Switchyard.Rules;

public enum RuleProblemSeverity
{
    Warning,
    Error,
}

/// <summary>One thing that is wrong with a rule file. A file with an <see cref="RuleProblemSeverity.Error"/> is not used.</summary>
public sealed record RuleProblem
{
    /// <summary>1-based.</summary>
    public required int Line { get; init; }

    /// <summary>1-based, counted in UTF-16 units, as editors and GitHub's annotations do.</summary>
    public required int Column { get; init; }

    /// <summary>Where in the file: <c>rules[0].on.push.branches[1]</c>; empty for the file itself.</summary>
    public required string Path { get; init; }

    public RuleProblemSeverity Severity { get; init; } = RuleProblemSeverity.Error;

    /// <summary>A stable word for programs, such as <c>UnknownKey</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong and what was expected.</summary>
    public required string Message { get; init; }

    /// <summary>What to write instead, where that can be said: one line.</summary>
    public string? Suggestion { get; init; }

    /// <summary><c>4:7 error: ... (rules[0].on) -> ...</c></summary>
    public override string ToString() =>
        $"{Line}:{Column} {(Severity == RuleProblemSeverity.Error ? "error" : "warning")}: {Message}"
        + (Path.Length == 0 ? "" : $" [{Path}]") + (Suggestion is null ? "" : $" {Suggestion}");
}
