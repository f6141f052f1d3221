using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>A simulated GitHub with a private repository and an App installed on its owner, and what commands need to use it.</summary>
internal sealed class CommandGitHub : IAsyncDisposable
{
    private readonly HttpClient http = new();
    private readonly Scratch scratch = new();

    private CommandGitHub(SimulatorHost host) => Host = host;

    public SimulatorHost Host { get; }

    public string AppId { get; private set; } = "";

    public string KeyFile { get; private set; } = "";

    public string Folder => scratch.Folder;

    /// <summary>The tokens that were made so far, as the simulator handed them out.</summary>
    public static async Task<CommandGitHub> StartAsync(string? tokenFormat = null)
    {
        var github = new CommandGitHub(await SimulatorHost.StartAsync(new SimulatorOptions()));
        if (tokenFormat is not null)
        {
            await github.ControlAsync("PUT", "/faults/tokens.format", new JsonObject { ["format"] = tokenFormat });
        }

        foreach (var name in (string[])["acme/models", "acme/other"])
        {
            await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = name, ["files"] = new JsonObject { ["README.md"] = "# " + name + "\n" } });
        }

        var app = await github.ControlAsync("POST", "/apps", new JsonObject
        {
            ["name"] = "Commands",
            ["permissions"] = new JsonObject { ["contents"] = "write" },
            ["install"] = new JsonObject { ["account"] = "acme" },
        });
        github.AppId = app["id"]!.ToString();
        github.KeyFile = github.scratch.Write("key.pem", app["pem"]!.ToString());
        return github;
    }

    public CommandRun Command(string input = "", string? folder = null)
    {
        var run = new CommandRun { Input = input, Folder = folder ?? Folder };
        foreach (var (name, value) in Environment())
        {
            run[name] = value;
        }

        return run;
    }

    public Dictionary<string, string> Environment() => new(StringComparer.Ordinal)
    {
        ["SWITCHYARD_APP_ID"] = AppId,
        ["SWITCHYARD_PRIVATE_KEY_FILE"] = KeyFile,
        ["SWITCHYARD_API_URL"] = Host.ApiUrl.AbsoluteUri,
        ["SWITCHYARD_WEB_URL"] = Host.Url.AbsoluteUri,
    };

    public async Task<JsonNode> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Host.Url, "/_simulator" + path));
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text.Length == 0 ? "null" : text)!;
    }

    /// <summary>Runs a program to its end, with an environment of its own.</summary>
    public async Task<CommandOutcome> ProcessAsync(string program, string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandOutcome(process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        http.Dispose();
        scratch.Dispose();
    }
}
