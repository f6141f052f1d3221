using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Faults;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Git;

/// <summary>Writes git's answer, at the pace that <c>git.slow</c> and <c>git.stall</c> leave.</summary>
internal sealed class GitPace(World world, HttpContext http)
{
    private long written;

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (Applies("git.stall") is { } stall && written + bytes.Length > stall.Long("afterBytes", 0))
        {
            var before = (int)Math.Max(0, stall.Long("afterBytes", 0) - written);
            await SendAsync(bytes[..before]);
            bytes = bytes[before..];
            // Until the switch is cleared or the client gives up.
            await stall.Cleared.WaitAsync(http.RequestAborted);
        }

        while (bytes.Length > 0 && Applies("git.slow") is { } slow)
        {
            var step = Math.Min(bytes.Length, Math.Max(1, slow.Int("bytesPerSecond", 10) / 10));
            await SendAsync(bytes[..step]);
            bytes = bytes[step..];
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(100), world.Options.Time, http.RequestAborted), slow.Cleared);
            http.RequestAborted.ThrowIfCancellationRequested();
        }

        await SendAsync(bytes);
    }

    private FaultArguments? Applies(string name) =>
        world.Faults.Find(name) is { } fault && fault.ConcernsRoute(RawTarget.Path(http)) ? fault : null;

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        written += bytes.Length;
    }
}
