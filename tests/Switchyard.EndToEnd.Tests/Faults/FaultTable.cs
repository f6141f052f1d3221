using System.Globalization;
using System.Text;
using Switchyard.EndToEnd.Tests.Faults;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

[assembly: AssemblyFixture(typeof(FaultTable))]

namespace Switchyard.EndToEnd.Tests.Faults;

/// <summary>One line of the table: what was done, what must come of it, and what was counted.</summary>
internal sealed record FaultRow(string Fault, string Database, string Expected, string Counted, bool Right);

/// <summary>The table of the fault suite: printed at the end of the run, and written to <c>artifacts/faults.md</c>.</summary>
public sealed class FaultTable : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<FaultRow> Rows = [];

    public static string File => Path.Combine(SharedFolder.Repository, "artifacts", "faults.md");

    public void Dispose()
    {
        lock (Gate)
        {
            if (Rows.Count > 0)
            {
                var text = Text();
                System.IO.File.WriteAllText(File, text);
                Console.Out.WriteLine("\n" + text + "\nWritten to " + File);
            }
        }
    }

    /// <summary>Adds a line; what is wrong is said at the end of the test by <see cref="FaultRows.Verify"/>.</summary>
    internal static void Add(FaultRow row)
    {
        lock (Gate)
        {
            Rows.Add(row);
        }
    }

    private static string Text()
    {
        var text = new StringBuilder("| fault | database | expected | counted | verdict |\n|---|---|---|---|---|\n");
        // What is wrong comes last: the end is what a log of a build is sure to show.
        foreach (var row in Rows.OrderByDescending(row => row.Right).ThenBy(row => row.Fault, StringComparer.Ordinal).ThenBy(row => row.Database, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Cell(row.Fault)} | {row.Database} | {Cell(row.Expected)} | {Cell(row.Counted)} | {(row.Right ? "ok" : "WRONG")} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{Rows.Count} rows, {Rows.Count(row => !row.Right)} wrong\n").ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}

/// <summary>The lines of one test.</summary>
internal sealed class FaultRows(string database)
{
    private readonly List<FaultRow> rows = [];

    /// <summary>Right where what was counted is, to the letter, what was expected.</summary>
    public void Add(string fault, string expected, string counted) => Add(fault, expected, counted, expected == counted);

    public void Add(string fault, string expected, string counted, bool right)
    {
        var row = new FaultRow(fault, database, expected, counted, right);
        rows.Add(row);
        FaultTable.Add(row);
    }

    /// <summary>Fails the test with every line that is wrong.</summary>
    public void Verify() => Assert.True(
        rows.TrueForAll(row => row.Right),
        string.Join('\n', rows.Where(row => !row.Right).Select(row => $"{row.Fault}: expected {row.Expected}, counted {row.Counted}")));
}
