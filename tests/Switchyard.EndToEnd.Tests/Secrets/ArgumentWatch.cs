using System.Collections.Concurrent;
using System.Text;

namespace Switchyard.EndToEnd.Tests.Secrets;

/// <summary>Reads the arguments of all processes over and over, as every user of the machine can; git's live for some milliseconds.</summary>
internal sealed class ArgumentWatch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> seen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource end = new();
    private readonly Task watching;

    public ArgumentWatch() => watching = WatchAsync();

    /// <summary>Each command line that was seen, once.</summary>
    public IReadOnlyCollection<string> Seen => [.. seen.Keys];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (OperatingSystem.IsLinux() && await timer.WaitForNextTickAsync(end.Token))
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
            {
                try
                {
                    seen.TryAdd(Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(process, "cmdline"))).Replace('\0', ' '), true);
                }
                catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
                {
                    // It ended meanwhile.
                }
            }
        }
    }
}
