using System.Globalization;
using System.Text;

namespace Switchyard.Benchmarks.Harness;

/// <summary>The figures of one run, as the table that goes to <c>perf/results.md</c>.</summary>
internal sealed class Report
{
    private readonly List<(string Work, string Figure, string Floor, string Ratio, string Target)> rows = [];

    /// <summary>A figure beside the floor measured in the same run.</summary>
    public void Add(string work, double figure, double floor, string unit, string target, bool higherIsBetter)
    {
        var ratio = figure / floor;
        Add(work, Text(figure, unit), Text(floor, unit), ratio.ToString("0.00", CultureInfo.InvariantCulture), target + (higherIsBetter ? "" : " (lower is better)"));
    }

    /// <summary>A figure that stands alone (memory, a latency with a bound of its own).</summary>
    public void Add(string work, double figure, string unit, string target) => Add(work, Text(figure, unit), "", "", target);

    /// <summary>A figure without a target.</summary>
    public void Add(string work, string figure) => Add(work, figure, "", "", "-");

    public string ToMarkdown()
    {
        var text = new StringBuilder("| work | measured | floor of the same run | ratio | target |\n|---|---|---|---|---|\n");
        foreach (var (work, figure, floor, ratio, target) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {work} | {figure} | {floor} | {ratio} | {target} |\n");
        }

        return text.ToString();
    }

    private static string Text(double value, string unit) =>
        value.ToString(value >= 100 ? "#,0" : "0.###", CultureInfo.InvariantCulture) + " " + unit;

    private void Add(string work, string figure, string floor, string ratio, string target)
    {
        rows.Add((work, figure, floor, ratio, target));
        Console.Error.WriteLine($"  {work}: {figure}{(floor.Length > 0 ? $", floor {floor}, ratio {ratio}" : "")}   [{target}]");
    }
}
