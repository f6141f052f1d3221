using System.Diagnostics.Metrics;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>Counts and times of Syncs, and what polling found that no Delivery had told.</summary>
internal sealed class RepositoryMetrics
{
    private readonly Counter<long> operations;
    private readonly Counter<long> polled;
    private readonly Histogram<double> duration;
    private readonly Database database;
    private readonly TimeProvider time;
    private long lag;
    private volatile IReadOnlyList<Measurement<long>> repositories = [];

    public RepositoryMetrics(IMeterFactory factory, Database database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        var meter = factory.Create("Switchyard.Repositories");
        operations = meter.CreateCounter<long>("switchyard.sync.operations", description: "Syncs that ended, by mode and result.");
        duration = meter.CreateHistogram<double>("switchyard.sync.duration", "s", "How long a Sync ran, by mode and result.");
        polled = meter.CreateCounter<long>("switchyard.repository.found_by_poll", description: "Heads that moved without a Delivery telling so.");
        meter.CreateObservableGauge("switchyard.repository.count", () => repositories, description: "Linked repositories, by status and health.");
        meter.CreateObservableGauge("switchyard.repository.lag", () => Interlocked.Read(ref lag) / 1000.0, "s", "How long the repository that is furthest behind has been behind.");
    }

    public void Ended(string mode, string result, TimeSpan took)
    {
        operations.Add(1, new("mode", mode), new("result", result));
        duration.Record(took.TotalSeconds, new("mode", mode), new("result", result));
    }

    public void FoundByPoll() => polled.Add(1);

    /// <summary>Counts the repositories anew; a reading of the gauge must not wait for the database.</summary>
    public async Task CountAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(
            session => session.QueryAsync<Row>("select status, health, count(*) as number from repositories where linked = 1 group by status, health"), cancellation);
        var since = await database.ReadAsync(
            session => session.ScalarAsync<long?>(
                $"select min(r.wanted_at) from repositories r left join installations i on i.id = r.installation_id where r.wanted > r.satisfied and {RepositoryStore.MayWork}"),
            cancellation);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Interlocked.Exchange(ref lag, Math.Max(0, now - (since ?? now)));
        repositories = [.. rows.Select(row => new Measurement<long>(row.Number, new("status", row.Status), new("health", row.Health)))];
    }

    private sealed record Row
    {
        public string Status { get; init; } = "";

        public string Health { get; init; } = "";

        public long Number { get; init; }
    }
}
