using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>A real <c>switchyard</c> process.</summary>
internal sealed class SwitchyardProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors;

    private SwitchyardProcess(Process process, StringBuilder errors, Uri url, string token)
    {
        this.process = process;
        this.errors = errors;
        Url = url;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Switchyard.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "switchyard"));

    public Uri Url { get; }

    public HttpClient Http { get; }

    public bool HasExited => process.HasExited;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

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

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingFolder = null, string? file = null)
    {
        using var command = Start(file ?? Executable, arguments, environment, workingFolder);
        command.StandardInput.Close();
        var output = command.StandardOutput.ReadToEndAsync();
        var error = command.StandardError.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, await output, await error);
    }

    /// <summary>Starts <c>switchyard serve</c>; does not wait for it (see <see cref="WaitUntilReadyAsync"/>).</summary>
    public static SwitchyardProcess Serve(string dataFolder, int port, string token, IReadOnlyDictionary<string, string> environment)
    {
        var url = new Uri($"http://127.0.0.1:{port}");
        var all = new Dictionary<string, string>(environment) { ["SWITCHYARD_Urls"] = url.ToString() };
        var started = Start(Executable, ["serve", "--data", dataFolder], all, null);
        var written = new StringBuilder();
        started.ErrorDataReceived += (_, line) =>
        {
            lock (written)
            {
                written.AppendLine(line.Data);
            }
        };
        started.OutputDataReceived += (_, _) => { };
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        return new SwitchyardProcess(started, written, url, token);
    }

    public Task WaitUntilReadyAsync() => Waiting.UntilAsync(
        async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"switchyard ended with {process.ExitCode}:\n{Errors}");
            }

            using var answer = await Http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return answer.StatusCode;
        },
        status => status == HttpStatusCode.OK,
        TimeSpan.FromSeconds(60),
        "the server is ready");

    public Task WaitForExitAsync(TimeSpan limit) => process.WaitForExitAsync().WaitAsync(limit, TimeProvider.System);

    /// <summary>SIGKILL, as a power cut would end it; git processes of it end with it.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Http.Dispose();
        process.Dispose();
    }

    private static Process Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string? workingFolder)
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
    }
}
