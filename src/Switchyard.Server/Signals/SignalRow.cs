using System.Globalization;
using Switchyard.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>A recorded Signal. Times are UTC milliseconds.</summary>
internal sealed record SignalRow
{
    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Provider { get; init; } = "";

    public string Identity { get; init; } = "";

    public string Kind { get; init; } = "";

    public long? GithubRepositoryId { get; init; }

    public string? RepositoryName { get; init; }

    public string? Ref { get; init; }

    public string? Sha { get; init; }

    public string? Actor { get; init; }

    public string Lane { get; init; } = "";

    public string Source { get; init; } = "";

    public long? DeliveryId { get; init; }

    /// <summary><see cref="SignalFacts"/> as JSON.</summary>
    public string Facts { get; init; } = "{}";

    public long OccurredAt { get; init; }

    public long RecordedAt { get; init; }

    /// <summary>When rules were held against it; null as long as they were not.</summary>
    public long? EvaluatedAt { get; init; }

    /// <summary>The facts, with the id that only the row knows.</summary>
    public SignalFacts ReadFacts() => SignalFacts.FromJson(Facts) with { Id = Id.ToString(CultureInfo.InvariantCulture) };
}

/// <summary>What to list: each filter is left out where it is null.</summary>
internal sealed record SignalFilter
{
    public string? Kind { get; init; }

    public string? Source { get; init; }

    public string? Sha { get; init; }

    public string? Provider { get; init; }

    public long? GithubRepositoryId { get; init; }

    public string? Repository { get; init; }

    public string Where => Conditions.Of(
        (Kind is not null, "s.kind = @Kind"),
        (Source is not null, "s.source = @Source"),
        (Sha is not null, "substr(s.sha, 1, length(@Sha)) = @Sha"),
        (Provider is not null, "s.provider_id = (select id from providers where slug = @Provider)"),
        (GithubRepositoryId is not null, "s.github_repository_id = @GithubRepositoryId"),
        (Repository is not null, "lower(s.repository_name) = lower(@Repository)"));
}
