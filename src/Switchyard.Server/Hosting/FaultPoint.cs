using System.Diagnostics;
using System.Globalization;

namespace Switchyard.Server.Hosting;

/// <summary>
/// The named boundaries between a write and the next call, at which the fault tests end the process with SIGKILL, and the
/// named protections that a control run switches off to show that the test would see their absence. Both are asked for by
/// environment variables of the test and cost one comparison otherwise.
/// </summary>
/// <remarks>
/// <c>SWITCHYARD_TEST_FAULTS</c> names a folder: each point reached is appended to the file <c>trace</c> in it. The file
/// <c>kill</c>, while it is there, holds the point to end at and at which time of reaching it ("sync-fetched 1"); the file
/// <c>hold</c> the point at which to go no further while it is there.
/// <c>SWITCHYARD_TEST_UNPROTECTED</c> names the protections that are off, separated by commas.
/// </remarks>
internal static class FaultPoint
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SWITCHYARD_TEST_FAULTS");
    private static readonly string[] Unprotected = Environment.GetEnvironmentVariable("SWITCHYARD_TEST_UNPROTECTED")?.Split(',') ?? [];
    private static readonly Lock Gate = new();
    private static string armed = "";
    private static int hits;

    /// <summary>Ends the process here, as a power cut would, if the test asked for this point.</summary>
    public static void Reached(string name)
    {
        if (Folder is not null)
        {
            ReachedInTest(name, Folder);
        }
    }

    /// <summary>False only where a control run has switched the protection off.</summary>
    public static bool Protects(string name) => Unprotected.Length == 0 || !Unprotected.Contains(name, StringComparer.Ordinal);

    private static void ReachedInTest(string name, string folder)
    {
        var hold = Path.Combine(folder, "hold");
        SpinWait.SpinUntil(() => !File.Exists(hold) || File.ReadAllText(hold) != name);

        lock (Gate)
        {
            File.AppendAllText(Path.Combine(folder, "trace"), name + "\n");
            var file = Path.Combine(folder, "kill");
            var wanted = File.Exists(file) ? File.ReadAllText(file) : "";
            if (wanted != armed)
            {
                (armed, hits) = (wanted, 0);
            }

            if (wanted.Split(' ') is [var point, var hit] && point == name && ++hits == int.Parse(hit, CultureInfo.InvariantCulture))
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.InfiniteTimeSpan);
            }
        }
    }
}
