using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Switchyard.Server.Hosting.Telemetry;

/// <summary>
/// The meters of Switchyard at <c>/metrics</c> in Prometheus' text format (dots to underscores, the unit, <c>_total</c>). The
/// exporter package is not to be had, so this listens to the meters itself.
/// </summary>
internal sealed class MetricsText(IMeterFactory meters) : IHostedService, IDisposable
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly MeterListener listener = new();
    private readonly Lock reading = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> series = new();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (MetricsText metrics) => TypedResults.Text(metrics.Write(), "text/plain; version=0.0.4"))
            .WithTags("Health").WithName("metrics").WithSummary("Metrics in Prometheus' text format").RequireAuthorization(nameof(Access.Role.Viewer)).ForWholeReaders();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            // A listener hears all meters of the process, and a second server in it has the same names.
            if (instrument.Meter.Name.StartsWith("Switchyard.", StringComparison.Ordinal) && instrument.Meter.Scope == meters)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();

    public string Write()
    {
        lock (reading)
        {
            // What a gauge no longer names is gone, and must not stand there with its last figure.
            foreach (var values in series.Where(pair => pair.Key.IsObservable).Select(pair => pair.Value))
            {
                values.Clear();
            }

            listener.RecordObservableInstruments();
            return WriteAll();
        }
    }

    private string WriteAll()
    {
        var text = new StringBuilder();
        foreach (var (instrument, values) in series.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            var name = NameOf(instrument);
            var kind = instrument switch { Histogram<double> => "histogram", Counter<long> => "counter", _ => "gauge" };
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {kind}\n");
            foreach (var (labels, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                value.Write(text, name, labels);
            }
        }

        return text.ToString();
    }

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        return instrument switch
        {
            Counter<long> => name + "_total",
            _ when instrument.Unit == "s" => name + "_seconds",
            _ => name,
        };
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.Length == 0 ? "" : LabelsOf(tags);
        series.GetOrAdd(instrument, static _ => new(StringComparer.Ordinal))
            .GetOrAdd(labels, static (_, measured) => measured is Histogram<double> ? new Distribution() : new Series(), instrument)
            .Record(value, adds: instrument is Counter<long>);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(key.Replace('.', '_')).Append("=\"")
                .Append(Convert.ToString(value, CultureInfo.InvariantCulture)?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.ToString();
    }

    private class Series
    {
        private double value;

        public virtual void Record(double measured, bool adds)
        {
            lock (this)
            {
                value = adds ? value + measured : measured;
            }
        }

        public virtual void Write(StringBuilder text, string name, string labels)
        {
            lock (this)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{Braces(labels)} {value}\n");
            }
        }

        protected static string Braces(string labels) => labels.Length == 0 ? "" : "{" + labels + "}";
    }

    private sealed class Distribution : Series
    {
        private readonly long[] counts = new long[Bounds.Length + 1];
        private double sum;

        public override void Record(double measured, bool adds)
        {
            var bucket = Array.FindIndex(Bounds, bound => measured <= bound);
            lock (this)
            {
                counts[bucket < 0 ? Bounds.Length : bucket]++;
                sum += measured;
            }
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (this)
            {
                var total = 0L;
                for (var i = 0; i <= Bounds.Length; i++)
                {
                    total += counts[i];
                    var bound = i == Bounds.Length ? "+Inf" : Bounds[i].ToString(CultureInfo.InvariantCulture);
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels}{(labels.Length == 0 ? "" : ",")}le=\"{bound}\"}} {total}\n");
                }

                text.Append(CultureInfo.InvariantCulture, $"{name}_sum{Braces(labels)} {sum}\n{name}_count{Braces(labels)} {total}\n");
            }
        }
    }
}
