using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class LocalDatabaseTests
{
    [Fact]
    public async Task A_token_is_made_in_the_database_where_no_server_is_named()
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun().RunAsync("admin", "token", "create", "--name", "me", "--role", "admin", "--data", scratch.Folder, "--json");

        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);
        Assert.StartsWith("swy_", outcome.OutJson["token"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Admin", outcome.OutJson["role"]!.ToString());
        var bytes = await File.ReadAllBytesAsync(Path.Combine(scratch.Folder, "switchyard.db"));
        Assert.DoesNotContain(outcome.OutJson["token"]!.ToString(), System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_asked_of_the_server_that_is_named()
    {
        await using var server = (await FakeServer.StartAsync()).On("POST /api/v1/tokens", """{"id":"1","name":"me","role":"Viewer","token":"swy_x","expiresAt":null}""", 201);

        var outcome = await CommandRun.Against(server).RunAsync("admin", "token", "create", "--name", "me");

        Assert.Equal("swy_x\n", outcome.Out);
    }

    [Fact]
    public async Task A_token_for_nowhere_is_refused_and_no_database_is_made()
    {
        using var scratch = new Scratch();

        var outcome = await new CommandRun { Folder = scratch.Folder }.RunAsync("admin", "token", "create", "--name", "me");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public async Task A_folder_that_a_server_has_open_is_a_conflict_and_the_server_is_who_to_ask()
    {
        using var scratch = new Scratch();
        await using var held = new FileStream(Path.Combine(scratch.Folder, "switchyard.db.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var time = new FakeTime();
        var asking = new CommandRun { Time = time }.RunAsync("admin", "token", "create", "--name", "me", "--data", scratch.Folder);
        while (!asking.IsCompleted)
        {
            var timer = time.NextTimerAsync();
            if (await Task.WhenAny(asking, timer) == timer)
            {
                time.Advance(await timer);
            }
        }

        var token = await asking;
        var serve = await new CommandRun().RunAsync("serve", "--data", scratch.Folder, "--url", "http://127.0.0.1:0");

        Assert.Equal((ExitCode.Conflict, ExitCode.Conflict), (token.Code, serve.Code));
        Assert.Contains("did not answer within 5 seconds", token.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard admin token create --name me --role admin --server http://127.0.0.1:8080", token.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(scratch.Folder, "ask")));
        Assert.Contains("another Switchyard process", serve.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_the_setup_token_is_no_name_to_take()
    {
        using var scratch = new Scratch();

        Assert.Equal(ExitCode.Usage, (await new CommandRun().RunAsync("admin", "token", "create", "--name", "setup", "--data", scratch.Folder)).Code);
    }

    [Fact]
    public async Task Doctor_opens_the_database_and_looks_at_the_key()
    {
        using var scratch = new Scratch();
        await new CommandRun().RunAsync("admin", "token", "create", "--name", "me", "--data", scratch.Folder);
        var key = scratch.Write("master.key", Convert.ToBase64String(new byte[32]));
        Scratch.SetMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var run = new CommandRun { ["SWITCHYARD_API_URL"] = "http://127.0.0.1:1", ["SWITCHYARD_WEB_URL"] = "http://127.0.0.1:1" };

        var outcome = await run.RunAsync("doctor", "--data", scratch.Folder, "--json");

        var findings = outcome.OutJson.AsArray().ToDictionary(finding => finding!["check"]!.ToString(), finding => finding!);
        Assert.Equal("ok", findings["database"]["state"]!.ToString());
        Assert.Equal("chmod 600 " + key, findings["vault key"]["fix"]!.ToString());
        Assert.Equal(ExitCode.Findings, outcome.Code);
    }
}
