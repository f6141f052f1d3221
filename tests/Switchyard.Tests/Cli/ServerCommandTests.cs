using System.IO.Compression;
using System.Security.Cryptography;
using Switchyard.Cli.Output;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary>Commands that speak to a server: what they send, and how its answers end.</summary>
public sealed class ServerCommandTests
{
    private const string Repository = """{"id":"7","fullName":"acme/models","status":"Synced","defaultBranch":"main","syncedHead":"4f1c9aa12345","htmlUrl":"https://github.com/acme/models"}""";

    [Theory]
    [InlineData(401, ExitCode.Authentication)]
    [InlineData(403, ExitCode.Authentication)]
    [InlineData(404, ExitCode.NotFound)]
    [InlineData(409, ExitCode.Conflict)]
    [InlineData(412, ExitCode.Conflict)]
    [InlineData(400, ExitCode.Usage)]
    [InlineData(422, ExitCode.Usage)]
    [InlineData(429, ExitCode.OtherSideFailed)]
    [InlineData(502, ExitCode.OtherSideFailed)]
    public async Task A_refusal_ends_with_its_exit_code_and_the_servers_words(int status, int expected)
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("GET /api/v1/repositories", status, "Because", "It cannot be.");

        var text = await CommandRun.Against(server).RunAsync("repo", "list");
        var json = await CommandRun.Against(server).RunAsync("repo", "list", "--json");

        Assert.Equal(expected, text.Code);
        Assert.StartsWith("switchyard: It cannot be." + Environment.NewLine + "  Look: switchyard repo list", text.Error, StringComparison.Ordinal);
        Assert.Equal(status, json.ErrorJson["status"]!.GetValue<int>());
        Assert.Empty(json.Out);
    }

    [Theory]
    [InlineData("InvalidParameter", ExitCode.Usage)]
    [InlineData("CredentialsRefused", ExitCode.Authentication)]
    [InlineData("Invalid", ExitCode.Usage)]
    public async Task The_code_of_a_problem_says_more_than_its_status(string code, int expected)
    {
        await using var server = (await FakeServer.StartAsync()).Refuses("GET /api/v1/repositories", 422, code, "It cannot be.");

        Assert.Equal(expected, (await CommandRun.Against(server).RunAsync("repo", "list")).Code);
    }

    [Fact]
    public async Task Cancelling_where_nothing_runs_says_so()
    {
        await using var server = await FakeServer.StartAsync();
        var cancelled = 1;
        server.On("GET /api/v1/repositories/by-name/acme/models", Repository);
        server.On("POST /api/v1/repositories/7/cancel", _ => new FakeAnswer($$"""{"repository":"acme/models","cancelled":{{cancelled--}},"syncs":[]}""", 202));

        var stopped = await CommandRun.Against(server).RunAsync("repo", "cancel", "acme/models");
        var nothing = await CommandRun.Against(server).RunAsync("repo", "cancel", "acme/models");

        Assert.Equal((ExitCode.Ok, "acme/models: cancelled.\n"), (stopped.Code, stopped.Out));
        Assert.Equal((ExitCode.Ok, "acme/models: nothing is queued or running, so there was nothing to cancel.\n"), (nothing.Code, nothing.Out));
    }

    [Theory]
    [InlineData("""{"id":"5"}""", ExitCode.Ok)]
    [InlineData("", ExitCode.NotFound)]
    [InlineData("""{"id":"5"},{"id":"6"}""", ExitCode.Conflict)]
    public async Task A_delivery_is_found_by_the_GUID_that_GitHub_shows(string found, int expected)
    {
        const string Guid = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
        await using var server = (await FakeServer.StartAsync())
            .On("GET /api/v1/deliveries", request => new FakeAnswer(request.Query.Contains("guid=" + Guid, StringComparison.Ordinal) ? $$"""{"items":[{{found}}]}""" : "{}"))
            .On("GET /api/v1/deliveries/5/payload", """{"zen":"Keep it logically awesome."}""");

        var outcome = await CommandRun.Against(server).RunAsync("delivery", "view", Guid, "--payload");

        Assert.Equal(expected, outcome.Code);
        Assert.Equal(expected == ExitCode.Ok, outcome.Out.Contains("awesome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_with_what_to_do()
    {
        var run = new CommandRun { ["SWITCHYARD_URL"] = "http://127.0.0.1:1" };

        var outcome = await run.RunAsync("repo", "list");

        Assert.Equal(ExitCode.OtherSideFailed, outcome.Code);
        Assert.Contains("http://127.0.0.1:1", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard serve", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_is_not_sent_unencrypted_to_another_machine()
    {
        var run = new CommandRun { ["SWITCHYARD_URL"] = "http://switchyard.acme.test", ["SWITCHYARD_TOKEN"] = "swy_secret" };

        var outcome = await run.RunAsync("repo", "list");

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.DoesNotContain("swy_secret", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_a_failure_of_the_other_side()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/repositories", _ => new FakeAnswer("<html>", 200, "text/html"));

        Assert.Equal(ExitCode.OtherSideFailed, (await CommandRun.Against(server).RunAsync("repo", "list")).Code);
    }

    [Fact]
    public async Task Sync_sends_its_mode_and_tells_the_operation()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/repositories/by-name/acme/models", Repository).On("POST /api/v1/repositories/7/sync", """{"id":"31"}""", 202);

        var outcome = await CommandRun.Against(server).RunAsync("repo", "sync", "acme/models", "--from", "4f1c9aa");

        Assert.Equal("Queued: operation 31.\n", outcome.Out);
        Assert.Contains(server.Requests, request => request.Body == """{"mode":"from-commit","from":"4f1c9aa"}""" && request.Authorization == "Bearer swy_of_the_tests");
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        await using var server = (await FakeServer.StartAsync()).On("GET /api/v1/repositories/by-name/acme/models", Repository);

        foreach (var line in (string[])["repo sync acme/models --full --dry-run", "repo suspend acme/models --dry-run", "repo unlink acme/models --dry-run", "delivery replay 5 --dry-run", "admin token revoke 3 --dry-run", "provider add --name x --dry-run", "pending cancel 5 --dry-run", "pending now 5 6 --dry-run", "admin target allow acme/* --dry-run"])
        {
            Assert.Equal(ExitCode.Ok, (await CommandRun.Against(server).RunAsync(line.Split(' '))).Code);
        }

        Assert.All(server.Requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task Waiting_ends_when_the_operation_has_ended()
    {
        await using var server = await FakeServer.StartAsync();
        var asked = 0;
        server.On("GET /api/v1/repositories/by-name/acme/models", Repository).On("POST /api/v1/repositories/7/sync", """{"id":"31"}""", 202);
        server.On("GET /api/v1/operations/31", _ => new FakeAnswer(++asked < 3 ? """{"id":"31","state":"Running"}""" : """{"id":"31","state":"Succeeded","result":{"modelsAdded":3,"versionsAdded":9}}"""));

        var outcome = await CommandRun.Against(server).RunAsync("repo", "sync", "acme/models", "--wait");

        Assert.Equal("acme/models: Succeeded, models +3 ~0 -0, 9 versions, 0 problems.\n", outcome.Out);
    }

    [Fact]
    public async Task Waiting_too_long_ends_with_6_and_says_how_to_follow()
    {
        await using var server = await FakeServer.StartAsync();
        var time = new FakeTime();
        server.On("GET /api/v1/repositories/by-name/acme/models", Repository).On("POST /api/v1/repositories/7/sync", """{"id":"31"}""", 202);
        server.On("GET /api/v1/operations/31", """{"id":"31","state":"Running"}""");

        var running = CommandRun.Against(server, time: time).RunAsync("repo", "sync", "acme/models", "--wait", "--timeout", "1s");
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, time.AdvanceToNextTimerAsync());
        }

        var outcome = await running;
        Assert.Equal(ExitCode.TimedOut, outcome.Code);
        Assert.Contains("switchyard api GET /api/v1/operations/31", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NotAnAncestor", ExitCode.Failure)]
    [InlineData("NoSuchCommit", ExitCode.NotFound)]
    [InlineData("PermissionDenied", ExitCode.Authentication)]
    public async Task A_failed_operation_ends_with_the_exit_code_of_its_reason(string errorCode, int expected)
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/repositories/by-name/acme/models", Repository).On("POST /api/v1/repositories/7/sync", """{"id":"31"}""", 202);
        server.On("GET /api/v1/operations/31", $$"""{"id":"31","state":"Failed","errorCode":"{{errorCode}}","error":"Commit 9fceb02 is not an ancestor of main."}""");

        var outcome = await CommandRun.Against(server).RunAsync("repo", "sync", "acme/models", "--wait");

        Assert.Equal(expected, outcome.Code);
        Assert.Contains("is not an ancestor", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaying_by_filter_shows_the_plan_and_needs_consent()
    {
        await using var server = await FakeServer.StartAsync();
        var time = new FakeTime();
        server.On("GET /api/v1/deliveries", """
            {"items":[{"id":"9","event":"push","repository":"acme/a","receivedAt":"2026-11-21T08:30:00Z"},{"id":"8","event":"push","repository":"acme/b","receivedAt":"2026-11-21T08:10:00Z"},
            {"id":"1","event":"push","repository":"acme/a","receivedAt":"2026-11-19T08:00:00Z"}],"nextCursor":null,"total":3}
            """);
        server.On("POST /api/v1/deliveries/8/replay", "", 202).On("POST /api/v1/deliveries/9/replay", "", 202);
        string[] line = ["delivery", "replay", "--state", "failed", "--since", "24h"];

        var unasked = await CommandRun.Against(server, time: time).RunAsync(line);
        var refused = await CommandRun.Against(server, onTerminal: true, input: "n\n", time: time).RunAsync(line);
        Assert.DoesNotContain(server.Requests, request => request.Method == "POST");
        var agreed = await CommandRun.Against(server, time: time).RunAsync([.. line, "--yes"]);

        Assert.Equal([ExitCode.Usage, ExitCode.Usage, ExitCode.Ok], [unasked.Code, refused.Code, agreed.Code]);
        Assert.Contains("Plan: 2 deliveries (push 2) in 2 repositories; 1 other left out.", agreed.Error, StringComparison.Ordinal);
        Assert.Equal(["/api/v1/deliveries/8/replay", "/api/v1/deliveries/9/replay"], server.Requests.Where(request => request.Method == "POST").Select(request => request.Path));
        Assert.Contains(server.Requests, request => request.Query.Contains("state=Failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pulled_model_is_checked_against_its_hash()
    {
        await using var server = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        var bytes = "{\"a\":1}"u8.ToArray();
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
        server.On("GET /api/v1/models/5", """{"id":"5","path":"schemas/order.avsc","kind":"File"}""");
        server.On("GET /api/v1/models/5/content", _ => new FakeAnswer(bytes) { Headers = { ["ETag"] = tag } });
        server.On("GET /api/v1/models/5/versions/2/content", _ => new FakeAnswer("changed"u8.ToArray()) { Headers = { ["ETag"] = tag } });
        var target = Path.Combine(scratch.Folder, "order.avsc");

        var good = await CommandRun.Against(server).RunAsync("model", "pull", "5", "-o", target);
        var again = await CommandRun.Against(server).RunAsync("model", "pull", "5", "-o", target);
        var bad = await CommandRun.Against(server).RunAsync("model", "pull", "5", "--version", "2", "-o", target, "--yes");

        Assert.Equal([ExitCode.Ok, ExitCode.Conflict, ExitCode.Integrity], [good.Code, again.Code, bad.Code]);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(target));
        Assert.Equal([target], Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public async Task Pulling_a_pointer_or_what_cannot_be_read_says_so_even_when_quiet()
    {
        using var scratch = new Scratch();
        await using var server = await FakeServer.StartAsync();
        var headers = new Dictionary<string, string> { ["X-Switchyard-Model-Status"] = "Pointer" };
        server.On("GET /api/v1/models/5", """{"model":{"id":"5","path":"w.safetensors","kind":"File","repository":"acme/models"},"facts":{"lfsSize":4100000000},"problems":[]}""");
        server.On("GET /api/v1/models/5/content", _ => new FakeAnswer("version https://git-lfs") { Headers = headers });
        server.On("GET /api/v1/models/6", """{"model":{"id":"6","path":"a.avsc","kind":"File","repository":"acme/models","stale":true,"versionCount":7,"shownVersion":6},"facts":{},"problems":[]}""");
        server.On("GET /api/v1/models/6/content", _ => new FakeAnswer("<<<<<<<") { Headers = new() { ["X-Switchyard-Model-Status"] = "Failed" } });

        var pointer = await CommandRun.Against(server).RunAsync("model", "pull", "5", "-o", Path.Combine(scratch.Folder, "w"), "--quiet");
        var broken = await CommandRun.Against(server).RunAsync("model", "pull", "6", "-o", Path.Combine(scratch.Folder, "a"));
        var view = await CommandRun.Against(server).RunAsync("model", "view", "6");

        Assert.Contains("w.safetensors is a Git LFS pointer: the model itself (4,100,000,000 bytes) is in Git LFS", pointer.Error, StringComparison.Ordinal);
        Assert.EndsWith("a Git LFS pointer and not the model)\n", pointer.Out, StringComparison.Ordinal);
        Assert.Contains("--version 6", broken.Error, StringComparison.Ordinal);
        Assert.Contains("Shown\tv6, stale: v7 cannot be read. Fix the file and push.\n", view.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unlinking_says_what_goes_and_needs_a_yes()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/repositories/by-name/acme/models", """{"id":"7","fullName":"acme/models","provider":"github","models":3,"versions":9}""").On("DELETE /api/v1/repositories/7", "", 202);

        var asked = await CommandRun.Against(server).RunAsync("repo", "unlink", "acme/models");
        Assert.Equal(ExitCode.Usage, asked.Code);
        Assert.DoesNotContain(server.Requests, request => request.Method == "DELETE");
        Assert.Contains("3 models with 9 versions and its Syncs leave the hub. No file in GitHub is changed.", asked.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard repo link acme/models --provider github", asked.Error, StringComparison.Ordinal);

        var agreed = await CommandRun.Against(server).RunAsync("repo", "unlink", "acme/models", "--yes");
        Assert.Equal((ExitCode.Ok, "acme/models is unlinked.\n"), (agreed.Code, agreed.Out));
        Assert.Single(server.Requests, request => request.Method == "DELETE");
    }

    [Fact]
    public async Task A_pulled_folder_model_stays_inside_its_folder()
    {
        await using var server = await FakeServer.StartAsync();
        using var scratch = new Scratch();
        server.On("GET /api/v1/models/5", """{"id":"5","path":"model","kind":"Folder"}""");
        server.On("GET /api/v1/models/5/content", _ => new FakeAnswer(Zip("MLmodel", "conda.yaml"), 200, "application/zip"));
        server.On("GET /api/v1/models/5/versions/2/content", _ => new FakeAnswer(Zip("../outside"), 200, "application/zip"));

        var good = await CommandRun.Against(server).RunAsync("model", "pull", "5", "-o", Path.Combine(scratch.Folder, "good"));
        var bad = await CommandRun.Against(server).RunAsync("model", "pull", "5", "--version", "2", "-o", Path.Combine(scratch.Folder, "bad"));

        Assert.Equal([ExitCode.Ok, ExitCode.Failure], [good.Code, bad.Code]);
        Assert.True(File.Exists(Path.Combine(scratch.Folder, "good", "MLmodel")));
        Assert.Equal(["good"], Directory.GetFileSystemEntries(scratch.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_model_is_found_by_repository_and_path()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/models", """{"items":[{"id":"4","path":"old/order.avsc","state":"Active"},{"id":"5","path":"schemas/order.avsc","state":"Active","name":"Order"}],"nextCursor":null,"total":2}""");
        server.On("GET /api/v1/models/5", """{"model":{"id":"5","path":"schemas/order.avsc"},"facts":{"namespace":"acme"},"problems":[]}""");

        var outcome = await CommandRun.Against(server).RunAsync("model", "view", "acme/events/schemas/order.avsc", "--json", "id,facts.namespace");

        Assert.Equal("""{"id":"5","facts.namespace":"acme"}""", outcome.OutJson.ToJsonString());
        Assert.Contains(server.Requests, request => request.Query.Contains("repository=acme%2Fevents&q=order.avsc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Api_builds_queries_and_bodies_from_fields()
    {
        await using var server = await FakeServer.StartAsync();
        server.On("GET /api/v1/things", """{"a":1}""").On("POST /api/v1/things", """{"b":2}""");

        var read = await CommandRun.Against(server).RunAsync("api", "get", "/api/v1/things", "-f", "q=a b");
        var write = await CommandRun.Against(server).RunAsync("api", "POST", "api/v1/things", "-f", "name=7", "-F", "count=7", "-F", "on=true", "-F", "none=null");

        Assert.Equal("{\"a\":1}\n", read.Out);
        Assert.Equal("{\"b\":2}\n", write.Out);
        Assert.Contains(server.Requests, request => request.Query == "?q=a%20b");
        Assert.Contains(server.Requests, request => request.Body == """{"name":"7","count":7,"on":true,"none":null}""");
    }

    [Fact]
    public async Task Api_takes_a_path_and_no_foreign_address()
    {
        var outcome = await new CommandRun { ["SWITCHYARD_TOKEN"] = "swy_secret" }.RunAsync("api", "GET", "https://evil.example/api/v1/things");

        Assert.Equal(ExitCode.Usage, outcome.Code);
    }

    private static byte[] Zip(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in names)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write("x"u8);
            }
        }

        return stream.ToArray();
    }
}
