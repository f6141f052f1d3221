using System.Collections.Immutable;

namespace Switchyard.Simulator.Actions;

/// <summary>A workflow file, as far as it decides which runs there are and what they are called.</summary>
internal sealed record WorkflowFile(string Path, string Name)
{
    /// <summary>False: the text is no YAML, or no workflow. GitHub lists such a file under its path.</summary>
    public bool Valid { get; init; }

    public string? RunName { get; init; }

    public ImmutableDictionary<string, Trigger> On { get; init; } = ImmutableDictionary<string, Trigger>.Empty;

    public ImmutableArray<JobDefinition> Jobs { get; init; } = [];

    public ConcurrencyGroup? Concurrency { get; init; }
}

/// <summary>One entry of <c>on:</c>. An empty list is one that the file does not have.</summary>
internal sealed record Trigger
{
    public ImmutableArray<string> Types { get; init; } = [];

    public ImmutableArray<string> Branches { get; init; } = [];

    public ImmutableArray<string> BranchesIgnore { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    public ImmutableArray<string> TagsIgnore { get; init; } = [];

    public ImmutableArray<WorkflowInput> Inputs { get; init; } = [];
}

internal sealed record WorkflowInput(string Name, bool Required, string? Default, ImmutableArray<string> Options);

internal sealed record JobDefinition(string Id, string Name, string Label);

/// <summary>Runs of one group exclude each other; the name may hold placeholders.</summary>
internal sealed record ConcurrencyGroup(string Group, bool CancelInProgress);
