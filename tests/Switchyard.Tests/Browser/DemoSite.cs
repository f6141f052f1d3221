using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary><c>switchyard demo</c> as a process of its own: a hub full of models, rules and runs, for tests that read.</summary>
public sealed class DemoSite : IAsyncLifetime
{
    private readonly StringBuilder said = new();
    private Process? process;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public Uri GitHub { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "switchyard")) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in new[] { "demo", "--json", "--port", "0", "--simulator-port", "0" })
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var text = new StringBuilder();
        JsonNode? facts = null;
        while (facts is null && await process.StandardOutput.ReadLineAsync() is { } line)
        {
            facts = TryParse(text.AppendLine(line).ToString());
        }

        Assert.True(facts is not null, $"The demo did not start: {said}");
        (Address, GitHub) = (new Uri(facts["url"]!.ToString()), new Uri(facts["gitHub"]!.ToString()));
        Http = new HttpClient { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", facts["token"]!.ToString());
    }

    /// <summary>Where a browser signs in as the administrator.</summary>
    internal async Task<string> SignInPathAsync()
    {
        using var answer = await Http.PostAsync(new Uri("/api/v1/sign-in-links", UriKind.Relative), null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("path").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (process is not null)
        {
            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            {
                await kill.WaitForExitAsync();
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
