using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>Commands against a real server and a simulated GitHub: how a mistake ends, and what it says to do.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task What_is_not_there_ends_with_5_and_a_command_that_helps()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));

        foreach (var (line, next) in new[]
        {
            ("repo link acme/models --provider nope", "switchyard provider list"),
            ("repo link acme/zzz --provider by-hand", "switchyard provider installations"),
            ("repo sync acme/models --wait --from 0123456789012345678901234567890123456789", "switchyard repo sync acme/models --full"),
            ("model list --repo acme/nope", "switchyard repo list"),
            ("model list --repo 999", "switchyard repo list"),
            ("model view acme/nope/a.hck.json", "switchyard repo list"),
            ("model view acme/models/b.hck.json", "switchyard model search"),
            ("repo syncs acme/nope", "switchyard repo list"),
            ("delivery list --repo acme/nope", "switchyard repo list"),
            ("delivery view 999", "switchyard delivery list"),
            ("model pull acme/models/a.hck.json --version 99", "switchyard model versions"),
        })
        {
            await EndsWithAsync(hub, ExitCode.NotFound, line, next);
        }

        Assert.Equal(ExitCode.Ok, (await Command(hub).RunAsync("model", "list", "--repo", "ACME/models")).Code);
        Assert.Equal(ExitCode.Ok, (await Command(hub).RunAsync("delivery", "list", "--repo", "ACME/models", "--state", "Dead")).Code);
    }

    [Fact]
    public async Task A_wrong_word_ends_with_2_and_a_command_that_helps()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));

        await EndsWithAsync(hub, ExitCode.Usage, "repo list --provider nope", "switchyard provider list");
        await EndsWithAsync(hub, ExitCode.Usage, "model list --repo nope", "switchyard model list --help");
        await EndsWithAsync(hub, ExitCode.Usage, "repo link acme --provider by-hand", "switchyard repo link --help");
    }

    [Fact]
    public async Task An_App_that_is_there_already_a_wrong_id_and_a_file_that_is_no_key_are_told_apart()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));
        using var scratch = new Scratch();
        var app = await hub.ControlAsync("POST", "apps", new JsonObject { ["name"] = "once" });
        var (id, key, text) = (app!["id"]!.ToString(), scratch.Write("key.pem", app["pem"]!.ToString()), scratch.Write("text.txt", "no key"));
        Task<CommandOutcome> AddAsync(string appId, string file) => Command(hub).RunAsync(
            "provider", "add", "--app-id", appId, "--private-key", file, "--api-url", hub.GitHub.ApiUrl.AbsoluteUri, "--web-url", hub.GitHub.Url.AbsoluteUri);

        var first = await AddAsync(id, key);
        var again = await AddAsync(id, key);
        var noKey = await AddAsync(id, text);
        var unknown = await AddAsync("77", key);

        Assert.Equal([ExitCode.Ok, ExitCode.Conflict, ExitCode.Usage, ExitCode.Authentication], [first.Code, again.Code, noKey.Code, unknown.Code]);
        Assert.Contains("switchyard provider view once", again.Error, StringComparison.Ordinal);
        Assert.Contains("does not know the App 77", unknown.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("repositor", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Linking_with_a_key_that_was_revoked_names_the_provider()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));
        await hub.ControlAsync("PUT", "faults/jwt.rejectKey", new JsonObject { ["n"] = 1 });

        var outcome = await EndsWithAsync(hub, ExitCode.OtherSideFailed, "repo link acme/models --provider by-hand", "switchyard provider view by-hand");

        Assert.Contains("the key or token of provider \"by-hand\"", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Printed_commands_begin_as_the_program_was_called()
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("GET /api/v1/repositories", 409, "Because", "It cannot be.");
        var run = CommandRun.Against(server);
        run["SWITCHYARD_PROGRAM"] = "../bin/switchyard";

        var refused = await run.RunAsync("repo", "list");
        var wrong = await run.RunAsync("repo", "list", "--limit", "0");

        Assert.Contains("  Look: ../bin/switchyard repo list", refused.Error, StringComparison.Ordinal);
        Assert.Contains("  Help: ../bin/switchyard repo list --help", wrong.Error, StringComparison.Ordinal);
    }

    private static async Task<CommandOutcome> EndsWithAsync(Hub hub, int code, string line, string next)
    {
        var outcome = await Command(hub).RunAsync(line.Split(' '));

        Assert.True(code == outcome.Code, $"{line}: {outcome.Code} {outcome.Error}");
        Assert.Contains(next, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/api/v1", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
        return outcome;
    }

    private static CommandRun Command(Hub hub) => new()
    {
        ["SWITCHYARD_URL"] = hub.Server.Http.BaseAddress!.AbsoluteUri,
        ["SWITCHYARD_TOKEN"] = hub.Server.Http.DefaultRequestHeaders.Authorization!.Parameter,
    };
}
