using System.Diagnostics.Metrics;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>Counts and times of Dispatches, under OpenTelemetry's messaging names where there are any.</summary>
internal sealed class DispatchMetrics
{
    private readonly Counter<long> operations;
    private readonly Histogram<double> calls;
    private readonly Histogram<double> latency;
    private readonly Database database;
    private readonly TimeProvider time;

    public DispatchMetrics(IMeterFactory factory, Database database, TimeProvider time)
    {
        this.database = database;
        this.time = time;
        var meter = factory.Create("Switchyard.Dispatches");
        operations = meter.CreateCounter<long>("switchyard.dispatch.operations", description: "What came of Dispatches, by target (workflow or dispatch) and result.");
        latency = meter.CreateHistogram<double>("switchyard.dispatch.latency", "s", "From the delivery that was received to the Dispatch that GitHub took.");
        calls = meter.CreateHistogram<double>("messaging.client.operation.duration", "s", "How long GitHub took to answer a Dispatch.");
    }

    public void Called(Dispatch dispatch, SendVerdict verdict, TimeSpan took) => calls.Record(
        took.TotalSeconds,
        new("messaging.system", "github_dispatch"),
        new("messaging.destination.name", dispatch.Event),
        new("error.type", verdict.Outcome == SendOutcome.Sent ? null : verdict.Outcome.ToString()));

    public void NotSent(Dispatch dispatch, SendVerdict verdict) => operations.Add(1, new("target", dispatch.Kind), new("result", verdict.Outcome.ToString()));

    public async Task SentAsync(Dispatch dispatch)
    {
        operations.Add(1, new("target", dispatch.Kind), new("result", nameof(SendOutcome.Sent)));
        var since = await database.ReadAsync(
            session => session.ScalarAsync<long?>(
                "select coalesce(v.received_at, s.recorded_at) from signals s left join deliveries v on v.id = s.delivery_id where s.id = @SignalId", dispatch),
            CancellationToken.None);
        if (since is { } received)
        {
            latency.Record(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - received) / 1000.0, new KeyValuePair<string, object?>("target", dispatch.Kind));
        }
    }
}
