using System.Text.Json.Nodes;
using Switchyard.Rules;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

/// <summary>Pull requests and releases.</summary>
public sealed class EventTests
{
    public static TheoryData<DatabaseKind> Databases => TestDatabases.All;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_pull_request_is_one_signal_an_action_however_often_it_is_told(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        Assert.Equal("A Signal of pull request 12", await world.DeliverAsync("pull_request", PullRequest("opened", 2, "2026-11-21T09:00:00Z")));
        Assert.Equal("No effect (this is known already)", await world.DeliverAsync("pull_request", PullRequest("opened", 2, "2026-11-21T09:00:00Z")));
        await world.DeliverAsync("pull_request", PullRequest("synchronize", 3, "2026-11-21T09:05:00Z"));
        await world.DeliverAsync("pull_request", PullRequest("closed", 3, "2026-11-21T09:06:00Z"));
        await world.DeliverAsync("pull_request", PullRequest("reopened", 3, "2026-11-21T09:07:00Z"));
        await world.DeliverAsync("pull_request", PullRequest("closed", 3, "2026-11-21T09:08:00Z"));

        var rows = await world.SignalsAsync();
        Assert.Equal(["opened", "synchronize", "closed", "reopened", "closed"], rows.Select(row => row.ReadFacts().Action));
        var facts = rows[0].ReadFacts();
        Assert.Equal((SignalKind.PullRequest, Pushes.Sha(2), "main", "refs/pull/12/head", "ann"), (facts.Kind, facts.Sha, facts.Branch, facts.Ref, facts.Actor));
        Assert.Equal((12, "Add orders", "topic", "acme/models", "bob", false), (facts.PullRequest!.Number, facts.PullRequest.Title, facts.PullRequest.HeadRef, facts.PullRequest.HeadRepository, facts.PullRequest.Author, facts.PullRequest.FromFork));
        Assert.Equal(["ready"], facts.PullRequest.Labels);
    }

    [Fact]
    public async Task Labels_that_are_set_at_once_are_signals_of_their_own()
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        foreach (var label in (string[])["one", "two", "one"])
        {
            var told = PullRequest("labeled", 2, "2026-11-21T09:00:00Z");
            told["label"] = new JsonObject { ["name"] = label };
            await world.DeliverAsync("pull_request", told);
        }

        Assert.Equal(2, (await world.SignalsAsync()).Count);
    }

    [Theory]
    [InlineData(4711L, false)]
    [InlineData(815L, true)]
    [InlineData(null, true)]
    public async Task A_head_in_another_or_a_deleted_repository_is_a_fork(long? head, bool fork)
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        await world.DeliverAsync("pull_request", PullRequest("opened", 2, "2026-11-21T09:00:00Z", head));
        Assert.Equal(fork, (await world.SignalsAsync()).Single().ReadFacts().IsFromFork);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_release_is_one_signal_an_action_and_each_edit_another(DatabaseKind kind)
    {
        await using var world = await SignalWorld.StartAsync(kind);
        Assert.Equal("A Signal of release v1", await world.DeliverAsync("release", Release("published", "notes")));
        Assert.Equal("No effect (this is known already)", await world.DeliverAsync("release", Release("published", "notes")));
        await world.DeliverAsync("release", Release("edited", "better notes"));
        await world.DeliverAsync("release", Release("edited", "best notes"));
        Assert.Equal("No effect (this is known already)", await world.DeliverAsync("release", Release("edited", "better notes")));

        var rows = await world.SignalsAsync();
        Assert.Equal(["published", "edited", "edited"], rows.Select(row => row.ReadFacts().Action));
        Assert.Equal(("v1", "refs/tags/v1", true, "ann"), (rows[0].ReadFacts().Tag, rows[0].Ref, rows[0].ReadFacts().Release!.Prerelease, rows[0].ReadFacts().Release!.Author));
    }

    [Theory]
    [InlineData("pull_request", "No effect (it tells of no pull request)")]
    [InlineData("release", "No effect (it tells of no release)")]
    [InlineData("push", "No effect (it tells of no move of a branch or a tag)")]
    public async Task What_lacks_what_it_is_about_has_no_effect(string name, string expected)
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        Assert.Equal(expected, await world.DeliverAsync(name, new { action = "opened", repository = new { id = 1 } }));
        Assert.Empty(await world.SignalsAsync());
    }

    /// <summary>Recorded payloads of every action, in a shuffled order and twice: as many Signals as different facts.</summary>
    [Theory]
    [InlineData("pull_request")]
    [InlineData("release")]
    [InlineData("push")]
    public async Task Recorded_payloads_are_taken_as_they_are(string name)
    {
        await using var world = await SignalWorld.StartAsync(DatabaseKind.Sqlite);
        var payloads = Directory.GetFiles(SharedFolder.Require("github/payloads/" + name), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!).ToList();
        foreach (var payload in payloads.Concat(payloads))
        {
            await world.DeliverAsync(name, payload);
        }

        var rows = await world.SignalsAsync();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(name, row.Kind));
        Assert.Equal(rows.Count, rows.Select(row => row.Identity).Distinct().Count());
    }

    private static JsonObject PullRequest(string action, int head, string updatedAt, long? headRepository = SignalWorld.Repository) => new()
    {
        ["action"] = action,
        ["number"] = 12,
        ["pull_request"] = new JsonObject
        {
            ["number"] = 12,
            ["title"] = "Add orders",
            ["user"] = new JsonObject { ["login"] = "bob" },
            ["labels"] = new JsonArray(new JsonObject { ["name"] = "ready" }),
            ["updated_at"] = updatedAt,
            ["head"] = new JsonObject
            {
                ["ref"] = "topic",
                ["sha"] = Pushes.Sha(head),
                ["repo"] = headRepository is null ? null : new JsonObject { ["id"] = headRepository, ["full_name"] = headRepository == SignalWorld.Repository ? "acme/models" : "eve/models" },
            },
            ["base"] = new JsonObject { ["ref"] = "main", ["sha"] = Pushes.Sha(1), ["repo"] = new JsonObject { ["id"] = SignalWorld.Repository, ["full_name"] = "acme/models" } },
        },
        ["repository"] = new JsonObject { ["id"] = SignalWorld.Repository, ["full_name"] = "acme/models", ["default_branch"] = "main" },
        ["sender"] = new JsonObject { ["login"] = "ann", ["type"] = "User" },
    };

    private static JsonObject Release(string action, string notes) => new()
    {
        ["action"] = action,
        ["release"] = new JsonObject
        {
            ["id"] = 77,
            ["tag_name"] = "v1",
            ["name"] = "One",
            ["body"] = notes,
            ["prerelease"] = true,
            ["author"] = new JsonObject { ["login"] = "ann" },
            ["published_at"] = "2026-11-21T09:00:00Z",
        },
        ["repository"] = new JsonObject { ["id"] = SignalWorld.Repository, ["full_name"] = "acme/models" },
        ["sender"] = new JsonObject { ["login"] = "ann" },
    };
}
