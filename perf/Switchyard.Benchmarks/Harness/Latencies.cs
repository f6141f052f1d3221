namespace Switchyard.Benchmarks.Harness;

/// <summary>Latencies of one run, in milliseconds.</summary>
internal sealed class Latencies(double[] values)
{
    private readonly double[] sorted = [.. values.Order()];

    public int Count => this.sorted.Length;

    public double P50 => this.At(0.50);

    public double P99 => this.At(0.99);

    private double At(double share) => this.sorted.Length == 0 ? double.NaN : this.sorted[(int)Math.Min(this.sorted.Length - 1, Math.Floor(share * this.sorted.Length))];
}
