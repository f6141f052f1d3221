namespace Switchyard.Benchmarks.Harness;

/// <summary>Latencies of one run, in milliseconds.</summary>
internal sealed class Latencies(double[] values)
{
    private readonly double[] sorted = [.. values.Order()];

    public int Count => sorted.Length;

    public double P50 => At(0.50);

    public double P99 => At(0.99);

    private double At(double share) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
}
