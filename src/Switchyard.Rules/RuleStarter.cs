namespace Switchyard.Rules;

/// <summary>The answers from which a first rule file is written.</summary>
public sealed record RuleStarterAnswers
{
    /// <summary>The rule's name; null: made from the target.</summary>
    public string? Name { get; init; }

    /// <summary><c>owner/name</c>, with <c>*</c>; at least one.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The workflow file of the target; or <see cref="EventType"/>.</summary>
    public string? Workflow { get; init; }

    /// <summary>The type of a repository_dispatch, where there is no <see cref="Workflow"/>.</summary>
    public string? EventType { get; init; }

    public IReadOnlyList<string> Branches { get; init; } = ["main"];

    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>On pull requests, too.</summary>
    public bool PullRequests { get; init; }

    /// <summary>Only when the source's checks are green.</summary>
    public bool Gate { get; init; }

    /// <summary>Zero: at once.</summary>
    public TimeSpan Quiet { get; init; }
}

/// <summary>Writes a first rule file.</summary>
public static class RuleStarter
{
    /// <summary>A commented file that has no problems in a scope that may start things in the target.</summary>
    public static string Write(RuleStarterAnswers answers) => throw new NotSupportedException();
}
