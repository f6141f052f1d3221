using System.Diagnostics.Metrics;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>Counts and times of Deliveries, under OpenTelemetry's messaging names.</summary>
internal sealed class WebhookMetrics
{
    private readonly Counter<long> received;
    private readonly Counter<long> refused;
    private readonly Counter<long> failed;
    private readonly Counter<long> recovered;
    private readonly Histogram<double> duration;
    private readonly Database database;
    private long dead;

    public WebhookMetrics(IMeterFactory factory, Database database)
    {
        this.database = database;
        var meter = factory.Create("Switchyard.Webhooks");
        received = meter.CreateCounter<long>("messaging.client.consumed.messages", description: "Deliveries taken in, by event and verdict.");
        refused = meter.CreateCounter<long>("switchyard.webhook.refused", description: "Requests to a webhook URL that were refused, by reason.");
        failed = meter.CreateCounter<long>("switchyard.delivery.failed", description: "Attempts that failed, by event; dead: no further attempt.");
        recovered = meter.CreateCounter<long>("switchyard.delivery.recovered", description: "Deliveries found in the delivery log that never arrived.");
        duration = meter.CreateHistogram<double>("messaging.process.duration", "s", "Received to handled.");
        meter.CreateObservableGauge("switchyard.delivery.dead", () => Interlocked.Read(ref dead), description: "Deliveries that are not tried again by themselves.");
    }

    public void Received(string name, InboxVerdict verdict) => received.Add(1, new("messaging.destination.name", name), new("verdict", verdict.ToString()));

    public void Refused(string reason) => refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Handled(string name, TimeSpan took) => duration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("messaging.destination.name", name));

    public void Failed(string name, bool dead) => failed.Add(1, new("messaging.destination.name", name), new("dead", dead));

    public void Recovered(int count) => recovered.Add(count);

    public async Task CountAsync(CancellationToken cancellation) =>
        Interlocked.Exchange(ref dead, await database.ReadAsync(session => session.ScalarAsync<long>($"select count(*) from deliveries where state = '{DeliveryState.Dead}'"), cancellation));
}
