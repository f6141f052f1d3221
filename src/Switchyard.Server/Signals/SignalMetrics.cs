using System.Diagnostics.Metrics;

namespace Switchyard.Server.Signals;

/// <summary>Counts of Signals; what a poll found is what no Delivery had told.</summary>
internal sealed class SignalMetrics
{
    private readonly Counter<long> recorded;
    private readonly Counter<long> polled;

    public SignalMetrics(IMeterFactory factory)
    {
        var meter = factory.Create("Switchyard.Signals");
        recorded = meter.CreateCounter<long>("switchyard.signal.recorded", description: "Signals recorded, by kind and source.");
        polled = meter.CreateCounter<long>("switchyard.signal.found_by_poll", description: "Moves of branches and tags that a poll found before any Delivery told of them, by kind.");
    }

    public void Recorded(string kind, string source)
    {
        recorded.Add(1, new("kind", kind), new("source", source));
        if (source == SignalSource.Poll)
        {
            polled.Add(1, new KeyValuePair<string, object?>("kind", kind));
        }
    }
}
