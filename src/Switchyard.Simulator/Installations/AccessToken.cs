using System.Collections.Immutable;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Installations;

/// <summary>An installation token, or a fine-grained personal one (then <see cref="Installation"/> is null).</summary>
internal sealed class AccessToken
{
    public required string Value { get; init; }

    public required string Name { get; init; }

    public Installation? Installation { get; init; }

    /// <summary>The App that a person signed in with, whose token for that person it is.</summary>
    public App? SignedInWith { get; init; }

    public required Account Owner { get; init; }

    /// <summary>Null: all that the installation or the owner has.</summary>
    public ImmutableHashSet<long>? RepositoryIds { get; init; }

    public required ImmutableSortedDictionary<string, string> Permissions { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Revoked { get; set; }

    /// <summary>Uses refused so far by <c>tokens.lag</c>.</summary>
    public int RefusedUses { get; set; }

    public bool Sees(Repository repository) =>
        !repository.Deleted
        && (RepositoryIds is null || RepositoryIds.Contains(repository.Id))
        && (Installation is null ? repository.Owner.Id == Owner.Id : Installation.Has(repository));
}
