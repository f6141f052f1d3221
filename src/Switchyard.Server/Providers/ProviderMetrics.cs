using System.Diagnostics.Metrics;

namespace Switchyard.Server.Providers;

/// <summary>
/// What GitHub's rate limit leaves, by provider: that of the installation that has the smallest part left. A label for each
/// installation would be a series for each.
/// </summary>
internal sealed class ProviderMetrics
{
    private readonly ProviderStore store;
    private readonly ProviderConnections connections;
    private readonly TimeProvider time;
    private volatile IReadOnlyList<Measurement<long>> remaining = [];
    private volatile IReadOnlyList<Measurement<long>> limits = [];

    public ProviderMetrics(IMeterFactory factory, ProviderStore store, ProviderConnections connections, TimeProvider time)
    {
        this.store = store;
        this.connections = connections;
        this.time = time;
        var meter = factory.Create("Switchyard.Providers");
        meter.CreateObservableGauge("switchyard.github.rate_limit.remaining", () => remaining, description: "Calls that GitHub's rate limit leaves, of the installation with the smallest part left, as last heard.");
        meter.CreateObservableGauge("switchyard.github.rate_limit.limit", () => limits, description: "Calls an hour that GitHub allows this installation.");
    }

    public async Task CountAsync(CancellationToken cancellation)
    {
        var (left, allowed) = (new List<Measurement<long>>(), new List<Measurement<long>>());
        var now = time.GetUtcNow();
        foreach (var (id, slug) in await store.ListNamesAsync(cancellation))
        {
            // One whose hour is over is full again, and is heard of with the next call.
            var least = connections.RateLimitsOf(id).Where(limit => limit is { Limit: > 0 } && limit.ResetAt > now).MinBy(limit => (double)limit.Remaining!.Value / limit.Limit!.Value);
            if (least is { Remaining: { } rest, Limit: { } most })
            {
                KeyValuePair<string, object?>[] labels = [new("provider", slug), new("resource", "core")];
                left.Add(new(rest, labels));
                allowed.Add(new(most, labels));
            }
        }

        (remaining, limits) = (left, allowed);
    }
}
