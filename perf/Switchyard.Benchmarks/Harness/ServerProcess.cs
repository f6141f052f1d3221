using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Switchyard.Benchmarks.Harness;

/// <summary>A server in a process of its own, ended when it is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, int port)
    {
        this.process = process;
        Port = port;
    }

    public int Port { get; }

    public int Id => process.Id;

    /// <summary>Resident memory in MB, at its highest so far (Linux: VmHWM).</summary>
    public double PeakMemory => ReadStatus("VmHWM:");

    /// <summary>Resident memory in MB, now.</summary>
    public double Memory => ReadStatus("VmRSS:");

    /// <summary>Processor time used so far, with that of the children that have ended (git).</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // Fields 14 to 17 of proc(5), in ticks of 10 ms, counted from behind the name, which may hold anything.
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromMilliseconds(10 * fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>What <c>./switchyard</c> runs.</summary>
    public static string Switchyard => Path.Combine(Checkout.Root, "artifacts", "switchyard", "switchyard");

    /// <summary>A port below those that outgoing connections are given, so that none of them takes it before the server does.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use: another one.
            }
        }
    }

    /// <summary>Starts the program and waits until its port answers.</summary>
    public static async Task<ServerProcess> StartAsync(string file, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The server refuses variables that it does not know.
        start.Environment.Remove("SWITCHYARD_SHARED");
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException(file + " did not start.");
        var tail = new Queue<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (tail)
            {
                tail.Enqueue(line.Data ?? "");
                if (tail.Count > 40)
                {
                    tail.Dequeue();
                }
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{file} ended with {process.ExitCode}:\n{string.Join('\n', tail)}");
            }

            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return new ServerProcess(process, port);
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }

        throw new TimeoutException($"{file} did not listen on {port}:\n{string.Join('\n', tail)}");
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private double ReadStatus(string key)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
