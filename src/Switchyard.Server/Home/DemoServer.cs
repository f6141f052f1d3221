using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Switchyard.Server.Home;

/// <summary>Section <c>Demo</c>.</summary>
public sealed class DemoOptions
{
    public const string Section = "Demo";

    /// <summary>The program whose <c>demo</c> the panel starts; null where it starts none. The command line names itself.</summary>
    public string? Program { get; set; }
}

/// <summary>The demo could not be started; the message says why.</summary>
internal sealed class DemoException(string message) : Exception(message);

/// <summary>
/// <c>switchyard demo</c> as a process of its own: a simulated GitHub and a second server on loopback, with data of their own. It ends with
/// this server, however that ends: its standard input closes then.
/// </summary>
internal sealed class DemoServer(IOptions<DemoOptions> options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim one = new(1, 1);
    private (Process Process, Uri Address, string Token)? running;

    /// <summary>Whether this server can start one.</summary>
    public bool IsHere => options.Value.Program is not null;

    public bool IsRunning => running is { Process.HasExited: false };

    /// <summary>Starts it where it does not run, and gives an address that signs in there once.</summary>
    /// <exception cref="DemoException">It did not start.</exception>
    public async Task<Uri> OpenAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            if (!IsRunning)
            {
                using var limit = new CancellationTokenSource(Limit, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
                return await StartAsync(either.Token);
            }

            var (_, address, token) = running!.Value;
            using var client = new HttpClient { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.PostAsJsonAsync("api/v1/sign-in-links", new { }, cancellation);
            var link = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            return new Uri(address, link.GetProperty("path").GetString());
        }
        finally
        {
            one.Release();
        }
    }

    public async Task StopAsync()
    {
        await one.WaitAsync();
        try
        {
            if (running is { } demo)
            {
                await EndAsync(demo.Process);
                running = null;
            }
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        one.Dispose();
    }

    private async Task<Uri> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(options.Value.Program!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "demo", "--json", "--port", "0", "--simulator-port", "0", "--until-closed" })
        {
            start.ArgumentList.Add(argument);
        }

        // What this server is set to is not the demo's affair: its database above all.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("SWITCHYARD_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        var said = new StringBuilder();
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
            process.BeginErrorReadLine();
            var text = new StringBuilder();
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                if (TryParse(text.AppendLine(line).ToString()) is { } facts)
                {
                    running = (process, new Uri(facts.GetProperty("url").GetString()!), facts.GetProperty("token").GetString()!);
                    return new Uri(facts.GetProperty("panel").GetString()!);
                }
            }

            throw new DemoException($"The demo ended before it was ready. {said.ToString().Trim()}");
        }
        catch (Exception failure)
        {
            if (process is not null)
            {
                await EndAsync(process);
            }

            throw failure switch
            {
                System.ComponentModel.Win32Exception => new DemoException($"{options.Value.Program} could not be started: {failure.Message}"),
                OperationCanceledException => new DemoException($"The demo was not ready within {Limit.TotalMinutes:0} minutes."),
                _ => failure,
            };
        }
    }

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static JsonElement? TryParse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
