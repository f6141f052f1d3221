using System.Collections.Immutable;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Deliveries;

/// <summary>Where deliveries go: the hook of an App, or one made by hand on a repository.</summary>
internal sealed class Hook
{
    public required long Id { get; init; }

    /// <summary>The number of the App or of the repository.</summary>
    public required long TargetId { get; init; }

    public App? App { get; set; }

    public Repository? Repository { get; init; }

    public required string Url { get; set; }

    public bool Active { get; set; } = true;

    public string? Secret { get; set; }

    /// <summary>Kept for the switch <c>deliveries.oldSecret</c>.</summary>
    public string? PreviousSecret { get; set; }

    public string ContentType { get; set; } = "json";

    public string InsecureSsl { get; set; } = "0";

    public ImmutableArray<string> Events { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public string TargetType => App is null ? "repository" : "integration";

    public bool Wants(string name) => Active && Url.Length > 0 && (Events.Contains(name) || Events.Contains("*"));
}
