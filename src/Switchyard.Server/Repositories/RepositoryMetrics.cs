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
    private volatile IReadOnlyList<Measurement<long>> repositories = [];

    public RepositoryMetrics(IMeterFactory factory, Database database)
    {
        this.database = database;
        var meter = factory.Create("Switchyard.Repositories");
        operations = meter.CreateCounter<long>("switchyard.sync.operations", description: "Syncs that ended, by mode and result.");
        duration = meter.CreateHistogram<double>("switchyard.sync.duration", "s", "How long a Sync ran, by mode and result.");
        polled = meter.CreateCounter<long>("switchyard.repository.found_by_poll", description: "Heads that moved without a Delivery telling so.");
        meter.CreateObservableGauge("switchyard.repository.count", () => repositories, description: "Linked repositories, by status and health.");
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
        repositories = [.. rows.Select(row => new Measurement<long>(row.Number, new("status", row.Status), new("health", row.Health)))];
    }

    private sealed record Row
    {
        public string Status { get; init; } = "";

        public string Health { get; init; } = "";

        public long Number { get; init; }
    }
}
