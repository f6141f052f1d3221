using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>The real executable as a server: first start, wrong starts, the end by a signal.</summary>
public sealed class ServeTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "switchyard");

    [Fact]
    public async Task The_first_start_leaves_a_way_in_that_is_not_in_the_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are those of Unix.");
        using var scratch = new Scratch();
        using var server = Start(scratch, "serve", "--data", "data", "--url", "http://127.0.0.1:0");
        var (url, log) = await UntilSaidAsync(server, "Nobody can sign in yet");
        var file = Path.Combine(scratch.Folder, "data", "setup-token");
        var token = (await File.ReadAllTextAsync(file)).Trim();
        var run = new CommandRun { ["SWITCHYARD_URL"] = url, ["SWITCHYARD_TOKEN"] = token };

        var made = await run.RunAsync("admin", "token", "create", "--name", "me", "--role", "admin", "--json");
        Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        log += await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal("Admin", made.OutJson["role"]!.ToString());
        Assert.Equal(ExitCode.Ok, server.ExitCode);
        Assert.DoesNotContain("swy_", log, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));

        using var again = Start(scratch, "serve", "--data", "data", "--url", "http://127.0.0.1:0");
        await UntilSaidAsync(again, "Without GitHub");
        Process.Start("kill", ["-INT", again.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        await again.WaitForExitAsync();
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData(ExitCode.Usage, "Storage:GroupCommitLimit", "--set", "Storage:GroupCommitLimit=0")]
    [InlineData(ExitCode.Usage, "KEY=VALUE", "--set", "nonsense")]
    [InlineData(ExitCode.Usage, "--url) is \"nonsense\"; it must be http://", "--url", "nonsense")]
    [InlineData(ExitCode.Usage, "--url) is \"http://127.0.0.1:99999\"", "--url", "http://127.0.0.1:99999")]
    [InlineData(ExitCode.Usage, "--url) is \"ftp://127.0.0.1\"", "--set", "Urls=ftp://127.0.0.1")]
    [InlineData(ExitCode.Usage, "PublicUrl", "--public-url", "nonsense")]
    [InlineData(ExitCode.Usage, "no setting Webhoks:Lanes; did you mean Webhooks:Lanes?", "--set", "Webhoks:Lanes=3")]
    [InlineData(ExitCode.Usage, "Webhooks:Lanes is \"many\"; it must be a whole number. There is no setting Webhooks:MaxAtempts; did you mean Webhooks:MaxAttempts?", "--set", "Webhooks:Lanes=many", "--set", "Webhooks:MaxAtempts=2")]
    [InlineData(ExitCode.Usage, "must be from 1 to 10000", "--set", "Storage:GroupCommitLimit=0", "--set", "Provider:PublicUrl=x")]
    [InlineData(ExitCode.Usage, "did you mean Providers:PublicUrl?", "--set", "Storage:GroupCommitLimit=0", "--set", "Provider:PublicUrl=x")]
    public async Task A_wrong_configuration_stops_the_start_in_one_line(int expected, string named, params string[] options)
    {
        using var scratch = new Scratch();
        using var server = Start(scratch, ["serve", "--data", "data", .. options]);

        var log = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(expected, server.ExitCode);
        var line = Assert.Single(log.Split('\n', StringSplitOptions.RemoveEmptyEntries), text => text.StartsWith("switchyard: ", StringComparison.Ordinal));
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public async Task Settings_that_nothing_reads_stop_the_start_wherever_they_stand()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "data"));
        scratch.Write("data/appsettings.json", """{"Logging":{"LogLevel":{"Default":"Warning"}},"AllowedHosts":"*","Repositories":{"Sync":3}}""");
        using var server = StartIn(new(StringComparer.Ordinal) { ["SWITCHYARD_WEBHOOKS_LANES"] = "3", ["SWITCHYARD_TOKEN"] = "swy_x", ["SWITCHYARD_PORT_8080_TCP"] = "tcp://10.0.0.1", ["SWITCHYARD_TEST_X"] = "y" }, scratch, "serve", "--data", "data");

        var log = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Usage, server.ExitCode);
        Assert.Contains("There is no setting Repositories:Sync; did you mean Repositories:Syncs? There is no setting WEBHOOKS_LANES; did you mean Webhooks:Lanes?", log, StringComparison.Ordinal);
        Assert.DoesNotContain("TCP", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_settings_file_is_told_with_its_place()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Folder, "data"));
        scratch.Write("data/appsettings.json", "{\n  \"Webhooks\": {,}\n}");
        using var server = Start(scratch, "serve", "--data", "data");

        var log = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Usage, server.ExitCode);
        Assert.Contains("appsettings.json in the data folder is no valid JSON at line 2", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_conflict()
    {
        await using var other = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        using var server = Start(scratch, "serve", "--data", "data", "--url", other.Url);

        var log = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Conflict, server.ExitCode);
        Assert.Contains("--url", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_simulator_runs_alone_with_a_folder_as_repository()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are those of Unix.");
        using var scratch = new Scratch();
        scratch.Write("a.txt", "a");
        using var simulator = Start(scratch, "simulator", "--port", "0", "--repository", "acme/files=" + scratch.Folder);
        var line = await simulator.StandardOutput.ReadLineAsync();

        using var http = new HttpClient();
        var repositories = JsonNode.Parse(await http.GetStringAsync(new Uri(line!.Split("control ")[1] + "/repositories")))!;

        Assert.Equal("acme/files", repositories[0]!["fullName"]!.ToString());
        Process.Start("kill", ["-TERM", simulator.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        await simulator.WaitForExitAsync();
        Assert.Equal(ExitCode.Ok, simulator.ExitCode);
    }

    private static async Task<(string Url, string Log)> UntilSaidAsync(Process server, string words)
    {
        var log = "";
        while (await server.StandardError.ReadLineAsync() is { } line)
        {
            log += line + "\n";
            if (line.Contains(words, StringComparison.Ordinal))
            {
                var greeting = log.Split('\n').First(text => text.StartsWith("Switchyard ", StringComparison.Ordinal));
                return (greeting.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], log);
            }
        }

        throw new InvalidOperationException(log);
    }

    private static Process Start(Scratch scratch, params string[] arguments) => StartIn([], scratch, arguments);

    private static Process StartIn(Dictionary<string, string> environment, Scratch scratch, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program) { WorkingDirectory = scratch.Folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
