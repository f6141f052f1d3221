using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
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
        var (url, log) = await UntilSaidAsync(server, "On the command line");
        var file = Path.Combine(scratch.Folder, "data", "setup-token");
        var token = (await File.ReadAllTextAsync(file)).Trim();
        var run = new CommandRun { ["SWITCHYARD_URL"] = url, ["SWITCHYARD_TOKEN"] = token };

        var made = await run.RunAsync("admin", "token", "create", "--name", "me", "--role", "admin", "--json");

        // The setup token has ended with that; who may write the folder is let in all the same, and told the right address.
        var link = await new CommandRun { Folder = scratch.Folder }.RunAsync("admin", "sign-in", "--data", "data");
        Assert.StartsWith(url.TrimEnd('/') + "/setup?token=", link.Out, StringComparison.Ordinal);
        using (var visitor = new HttpClient())
        {
            Assert.Contains("Continue", await visitor.GetStringAsync(link.Out.Trim()), StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(scratch.Folder, "data", "ask")));
        Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
        log += await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(Path.Combine(scratch.Folder, "data")));
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
    [InlineData(ExitCode.Usage, "Storage:PostgreSql must be a connection string", "--set", "Storage:PostgreSql=foo")]
    [InlineData(ExitCode.Usage, "Storage:PostgreSql must be a connection string", "--set", "Storage:PostgreSql=Host=db;Port=x")]
    [InlineData(ExitCode.Usage, "KEY=VALUE", "--set", "nonsense")]
    [InlineData(ExitCode.Usage, "--url) is \"nonsense\"; it must be http://", "--url", "nonsense")]
    [InlineData(ExitCode.Usage, "--url) is \"http://127.0.0.1:99999\"", "--url", "http://127.0.0.1:99999")]
    [InlineData(ExitCode.Usage, "--url) is \"http://0.0.0.0:x\"", "--url", "http://0.0.0.0:x")]
    [InlineData(ExitCode.Usage, "--url) is \"http://[::1]:x\"", "--url", "http://[::1]:x")]
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
    public async Task A_port_that_is_taken_is_a_conflict_and_the_advice_keeps_the_rest_but_no_secret()
    {
        await using var other = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        var key = Convert.ToBase64String(new byte[32]);
        using var server = Start(scratch, "serve", "--data", "my data", "--url", other.Url, "--public-url", "https://hub.acme.test", "--set", "Webhooks:Lanes=8", "--set", "Vault:MasterKey=" + key);

        var log = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(ExitCode.Conflict, server.ExitCode);
        Assert.Contains(
            $"switchyard serve --data 'my data' --public-url https://hub.acme.test --set Webhooks:Lanes=8 --set Vault:MasterKey=... --url {ListenAddress.Beside(other.Url)}\n", log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8081")]
    [InlineData("http://*:80;https://[::]:65535", "http://*:8080;https://[::]:65534")]
    [InlineData("nonsense", "nonsense")]
    public void Another_port_is_one_beside_those_that_were_asked_for(string urls, string expected) => Assert.Equal(expected, ListenAddress.Beside(urls));

    [Theory]
    [InlineData("http://0.0.0.0:80", "http://127.0.0.1/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://10.0.0.7:8080", "http://10.0.0.7:8080/")]
    public void A_server_on_all_addresses_is_reached_on_loopback(string address, string expected) => Assert.Equal(expected, ListenAddress.Reachable(new Uri(address)).AbsoluteUri);

    [Fact]
    public async Task PostgreSQL_that_is_not_there_is_named_without_its_password()
    {
        using var scratch = new Scratch();
        var key = "Vault:MasterKey=" + Convert.ToBase64String(new byte[32]);

        var outcome = await new CommandRun().RunAsync(
            "serve", "--data", scratch.Folder, "--url", "http://127.0.0.1:0", "--set", key, "--set", "Storage:PostgreSql=Host=127.0.0.1;Port=1;Database=x;Username=me;Password=hidden");

        Assert.Equal(ExitCode.OtherSideFailed, outcome.Code);
        Assert.StartsWith("switchyard: PostgreSQL at 127.0.0.1, port 1, database x, cannot be reached: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Storage:PostgreSql", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("master.key")]
    [InlineData("switchyard.db")]
    public async Task A_file_of_another_user_in_the_data_folder_is_told_with_what_to_do(string name)
    {
        using var scratch = new Scratch();
        Scratch.SetMode(scratch.Write(name, ""), UnixFileMode.None);
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "The superuser may read everything.");

        var outcome = await new CommandRun().RunAsync("serve", "--data", scratch.Folder, "--url", "http://127.0.0.1:0");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains("Give the user that runs the server the right to read and write what is in " + scratch.Folder, outcome.Error, StringComparison.Ordinal);
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
