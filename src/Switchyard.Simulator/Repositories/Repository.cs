using System.Collections.Immutable;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Deliveries;

namespace Switchyard.Simulator.Repositories;

/// <summary>A repository: its number is its identity, its name may change.</summary>
internal sealed class Repository
{
    public required long Id { get; init; }

    public required Account Owner { get; set; }

    public required string Name { get; set; }

    /// <summary>The bare repository on disk.</summary>
    public required string Folder { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? PushedAt { get; set; }

    public bool Private { get; set; } = true;

    public bool Archived { get; set; }

    public bool Deleted { get; set; }

    public string DefaultBranch { get; set; } = "main";

    public string? Description { get; init; }

    /// <summary>What it is a fork of.</summary>
    public Repository? Parent { get; set; }

    /// <summary>Kilobytes on disk.</summary>
    public int Size { get; set; }

    public ImmutableArray<Hook> Hooks { get; set; } = [];

    public ImmutableSortedSet<string> Environments { get; set; } = ImmutableSortedSet.Create(StringComparer.OrdinalIgnoreCase, Array.Empty<string>());

    public ImmutableArray<RequiredChecks> Required { get; set; } = [];

    /// <summary>One writer at a time: what a push changed is read from the refs before and after.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    public string FullName => $"{Owner.Login}/{Name}";
}

/// <summary>Names of checks without which nothing is merged into a branch.</summary>
internal sealed record RequiredChecks(string Branch, ImmutableArray<string> Names, bool ByRuleset);
