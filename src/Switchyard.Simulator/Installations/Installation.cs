using System.Collections.Immutable;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Installations;

/// <summary>An App on an account. A deleted one is kept, so that its old id is answered with 404.</summary>
internal sealed class Installation
{
    public required long Id { get; init; }

    public required App App { get; init; }

    public required Account Account { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public bool AllRepositories { get; set; }

    public ImmutableHashSet<long> Selected { get; set; } = [];

    /// <summary>What the owner granted, which may be older than what the App asks for now.</summary>
    public ImmutableSortedDictionary<string, string> Permissions { get; set; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> Events { get; set; } = [];

    public DateTimeOffset? SuspendedAt { get; set; }

    public bool Deleted { get; set; }

    /// <summary>How often the list of installations was read since this one came; for <c>installation.listLag</c>.</summary>
    public int ListReads { get; set; }

    public string Selection => AllRepositories ? "all" : "selected";

    public bool Has(Repository repository) =>
        !Deleted && repository.Owner.Id == Account.Id && !repository.Deleted && (AllRepositories || Selected.Contains(repository.Id));
}

/// <summary>A member's wish that the App be installed.</summary>
internal sealed record InstallationRequest(long Id, App App, Account Account, Account Requester, DateTimeOffset CreatedAt);
