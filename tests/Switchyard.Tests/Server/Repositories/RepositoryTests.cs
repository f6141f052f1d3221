using System.Net;
using System.Text.Json.Nodes;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Server.Repositories;

/// <summary>Repositories from the installation to the hub and back: what events, the poll and people do with them.</summary>
public sealed class RepositoryTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_push_becomes_a_version_and_a_push_to_another_branch_nothing(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")), ("README.md", "x"));
        var repository = await hub.GetAsync("/api/v1/repositories/by-name/acme/models");
        Assert.Equal(("Synced", "Healthy", "1", "1"), (Hub.Text(repository, "status"), Hub.Text(repository, "health"), Hub.Text(repository, "models"), Hub.Text(repository, "versions")));
        Assert.Equal("Succeeded", Hub.Text(repository.GetProperty("lastSync"), "state"));

        await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "customer", "order")));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "versions") == "2" && Hub.Text(row, "status") == "Synced");
        await hub.ControlAsync(
            "POST",
            "repositories/acme/models/commits",
            new JsonObject { ["branch"] = "side", ["message"] = "Side", ["files"] = new JsonObject { ["b.hck.json"] = Files.Hackolade("B", "x") } });
        await hub.UntilAsync("/api/v1/deliveries?event=push", page => Hub.Items(page).Any(item => Hub.Text(item, "outcome") == "A Signal of the push"));
        Assert.Equal("1", Hub.Text(await hub.GetAsync("/api/v1/repositories/" + hub.Repository), "models"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_force_push_that_was_dealt_with_is_told_once_as_a_note_and_is_no_problem(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));
        await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "customer", "order")));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "versions") == "2" && Hub.Text(row, "status") == "Synced");

        await hub.ControlAsync(
            "POST",
            "repositories/acme/models/commits",
            new JsonObject { ["branch"] = "main", ["message"] = "Rewrite", ["parent"] = "none", ["force"] = true, ["files"] = new JsonObject { ["b.hck.json"] = Files.Hackolade("B", "x") } });
        var shown = await hub.RepositoryUntilAsync(row => row.GetProperty("notes").GetArrayLength() > 0 && Hub.Text(row, "status") == "Synced");

        Assert.Equal(("HistoryRewritten", 0), (Hub.Text(shown.GetProperty("notes")[0], "code"), shown.GetProperty("reasons").GetArrayLength()));
        Assert.Equal(("Healthy", "0"), (Hub.Text(shown, "health"), Hub.Text(shown, "problems")));
        Assert.Equal("0", Hub.Text(shown.GetProperty("lastSync").GetProperty("result"), "problems"));
        Assert.Empty(Hub.Items(await hub.GetAsync($"/api/v1/repositories/{hub.Repository}/problems")));

        await hub.PushAsync(("b.hck.json", Files.Hackolade("B", "y")));
        await hub.RepositoryUntilAsync(row => row.GetProperty("notes").GetArrayLength() == 0 && Hub.Text(row, "status") == "Synced");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Renamed_suspended_and_taken_out_it_keeps_its_models_and_says_what_it_is(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));

        await hub.ControlAsync("POST", "repositories/acme/models/rename", new JsonObject { ["name"] = "schemas" });
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "fullName") == "acme/schemas" && Hub.Text(row, "status") == "Synced");

        await hub.ControlAsync("POST", $"installations/{hub.Installation}/suspend");
        var suspended = await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Suspended");
        Assert.Contains(suspended.GetProperty("reasons").EnumerateArray(), reason => Hub.Text(reason, "code") == "InstallationSuspended");
        var refused = await hub.PostAsync($"/api/v1/repositories/{hub.Repository}/sync", new { mode = "recent" }, HttpStatusCode.Conflict);
        Assert.Contains("suspended", Hub.Text(refused, "detail"), StringComparison.Ordinal);

        await hub.ControlAsync("POST", $"installations/{hub.Installation}/unsuspend");
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Healthy" && row.GetProperty("reasons").GetArrayLength() <= 1);

        await hub.ControlAsync("POST", $"installations/{hub.Installation}/repositories", new JsonObject { ["remove"] = new JsonArray("acme/schemas") });
        // A Sync may find it missing before the listing does.
        var missing = await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Missing" && Hub.Text(row, "linked") == "False");
        Assert.Equal("1", Hub.Text(missing, "models"));

        await hub.ControlAsync("POST", $"installations/{hub.Installation}/repositories", new JsonObject { ["add"] = new JsonArray("acme/schemas") });
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Healthy" && Hub.Text(row, "linked") == "True");
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_suspension_is_said_as_soon_as_its_event_is_handled_even_where_nothing_can_be_listed(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));

        // GitHub answers no listing, so only the event itself can tell.
        await hub.GitHub.SetFaultAsync("api.error", new JsonObject { ["route"] = "/installation", ["status"] = 503 });
        await hub.ControlAsync("POST", $"installations/{hub.Installation}/suspend");
        await hub.UntilAsync("/api/v1/deliveries?event=installation", page => Hub.Items(page).Any(item => Hub.Text(item, "action") == "suspend" && Hub.Text(item, "state") == "Handled"));
        var repository = await hub.GetAsync("/api/v1/repositories/" + hub.Repository);
        Assert.Equal("Suspended", Hub.Text(repository, "health"));
        var reason = Assert.Single(repository.GetProperty("reasons").EnumerateArray());
        Assert.Matches("^acme/models cannot be synchronized: the installation on acme was suspended by @[a-z-]+ on .* An organization owner can unsuspend it; nothing was deleted here.$", Hub.Text(reason, "sentence"));

        var refused = await hub.PostAsync($"/api/v1/repositories/{hub.Repository}/sync", new { mode = "recent" }, HttpStatusCode.Conflict);
        Assert.Contains("unsuspend it", Hub.Text(refused, "detail"), StringComparison.Ordinal);
        Assert.EndsWith($"/installations/{hub.Installation}", Hub.Text(refused.GetProperty("next")[0], "href"), StringComparison.Ordinal);

        await hub.GitHub.ClearFaultAsync("api.error");
        await hub.ControlAsync("POST", $"installations/{hub.Installation}/unsuspend");
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Healthy" && row.GetProperty("reasons").GetArrayLength() == 0);

        // The event comes once more, late: what GitHub lists has the last word.
        const string Suspends = "/api/v1/deliveries?event=installation";
        var late = Hub.Items(await hub.GetAsync(Suspends)).Single(item => Hub.Text(item, "action") == "suspend");
        await hub.PostAsync($"/api/v1/deliveries/{Hub.Text(late, "id")}/replay", null);
        await hub.UntilAsync(Suspends, page => Hub.Items(page).Any(item => Hub.Text(item, "action") == "suspend" && Hub.Text(item, "attempts") == "2"));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Healthy" && row.GetProperty("reasons").GetArrayLength() == 0);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Unlinked_it_is_gone_from_every_list_until_somebody_links_it_by_name(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));
        var model = Hub.Text(Hub.Items(await hub.GetAsync("/api/v1/models")).Single(), "id");

        using var unlinked = await hub.Server.Http.DeleteAsync("/api/v1/repositories/" + hub.Repository);
        Assert.Equal(HttpStatusCode.Accepted, unlinked.StatusCode);
        foreach (var list in (string[])["repositories", "models", "models/search?q=customer", "syncs"])
        {
            Assert.Equal((list, "0"), (list, Hub.Text(await hub.GetAsync("/api/v1/" + list), "total")));
        }

        foreach (var gone in (string[])["/api/v1/repositories/" + hub.Repository, "/api/v1/repositories/by-name/acme/models", "/api/v1/models/" + model])
        {
            using var answer = await hub.Server.Http.GetAsync(gone);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var again = await hub.Server.Http.DeleteAsync("/api/v1/repositories/" + hub.Repository);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);

        // Neither a push nor the list of the installation brings it back.
        await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "2")));
        await hub.UntilAsync("/api/v1/deliveries?event=push", page => Hub.Items(page).Any(item => Hub.Text(item, "outcome") == "No effect (the repository was unlinked here)"));
        await hub.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/second", ["files"] = new JsonObject { ["b.hck.json"] = Files.Hackolade("B", "1") } });
        await hub.Server.Get<Switchyard.Server.Repositories.PollRepositories>().RunAsync(CancellationToken.None);
        await hub.UntilAsync("/api/v1/repositories?q=second&status=Synced", page => page.GetProperty("total").GetInt64() == 1);
        Assert.Equal("1", Hub.Text(await hub.GetAsync("/api/v1/repositories"), "total"));

        var linked = await hub.LinkUntilAsync("by-hand", "acme/models");
        Assert.Equal(hub.Repository, Hub.Text(linked, "id"));
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "status") == "Synced" && Hub.Text(row, "versions") == "2" && Hub.Text(row, "health") == "Healthy");
    }

    [Fact]
    public async Task The_actions_do_what_they_say_and_bad_requests_say_why()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")), (".switchyardignore", "left/\n"), ("left/x.hck.json", Files.Hackolade("X", "x")));
        var path = "/api/v1/repositories/" + hub.Repository;

        var full = await hub.PostAsync(path + "/sync", new { mode = "full" }, prefer: "wait=30");
        Assert.Equal(("full", "Succeeded"), (Hub.Text(full, "mode"), Hub.Text(full, "state")));
        Assert.Equal("Succeeded", Hub.Text(await hub.GetAsync("/api/v1/operations/" + Hub.Text(full, "id")), "state"));
        var head = Hub.Text(await hub.GetAsync(path), "syncedHead")!;
        Assert.Equal("Succeeded", Hub.Text(await hub.PostAsync(path + "/sync", new { mode = "from-commit", from = head[..8] }, prefer: "wait=30"), "state"));
        var unknown = await hub.PostAsync(path + "/sync", new { mode = "from-commit", from = "0123456789" }, prefer: "wait=30");
        Assert.Equal(("Failed", "NoSuchCommit"), (Hub.Text(unknown, "state"), Hub.Text(unknown, "errorCode")));
        Assert.StartsWith("There is no such commit in acme/models", Hub.Text(unknown, "error"), StringComparison.Ordinal);
        Assert.Contains("--full", unknown.GetProperty("next")[0].GetProperty("command").GetString(), StringComparison.Ordinal);

        await hub.PostAsync(path + "/sync", new { mode = "everything" }, HttpStatusCode.UnprocessableEntity);
        await hub.PostAsync(path + "/sync", new { mode = "from-commit", from = "not a sha" }, HttpStatusCode.UnprocessableEntity);
        await hub.PostAsync("/api/v1/repositories/999/sync", new { }, HttpStatusCode.NotFound);
        await hub.PostAsync("/api/v1/operations/999/cancel", null, HttpStatusCode.NotFound);
        await hub.PostAsync("/api/v1/repositories", new { provider = "by-hand", repository = "acme/none" }, HttpStatusCode.NotFound);

        await hub.PostAsync(path + "/suspend", null);
        await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "2")));
        await hub.UntilAsync("/api/v1/deliveries?event=push", page => Hub.Items(page).Any(item => Hub.Text(item, "state") == "Handled"));
        Assert.Equal(("Suspended", "1"), (Hub.Text(await hub.GetAsync(path), "health"), Hub.Text(await hub.GetAsync(path), "versions")));
        await hub.PostAsync(path + "/resume", null);
        await hub.RepositoryUntilAsync(row => Hub.Text(row, "health") == "Healthy" && Hub.Text(row, "versions") == "2");
        await hub.RepositoryUntilAsync(row => Hub.Text(row.GetProperty("lastSync"), "endedAt") is not null);
        Assert.Equal("0", Hub.Text(await hub.PostAsync(path + "/cancel", null), "cancelled"));

        Assert.Equal(["left/"], Hub.Items(await hub.GetAsync(path + "/ignored")).Select(item => Hub.Text(item, "pattern")));
        Assert.Equal(0, (await hub.GetAsync(path + "/problems")).GetProperty("total").GetInt64());
        Assert.True((await hub.GetAsync("/api/v1/syncs?repository=acme/models")).GetProperty("total").GetInt64() >= 4);
        Assert.Equal(1, (await hub.GetAsync("/api/v1/repositories?q=MODELS&status=synced&health=healthy")).GetProperty("total").GetInt64());
        Assert.Equal(0, (await hub.GetAsync("/api/v1/repositories?q=nothing")).GetProperty("total").GetInt64());
    }

    [Fact]
    public async Task Lost_deliveries_are_made_good_by_the_poll()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));
        await hub.GitHub.SetFaultAsync("deliveries.drop", new JsonObject { ["rate"] = 1 });
        await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "2")));
        await hub.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/second", ["files"] = new JsonObject { ["b.hck.json"] = Files.Hackolade("B", "1") } });

        await hub.Server.Get<Switchyard.Server.Repositories.PollRepositories>().RunAsync(CancellationToken.None);

        await hub.RepositoryUntilAsync(row => Hub.Text(row, "versions") == "2" && Hub.Text(row, "source") == "Poll");
        await hub.UntilAsync("/api/v1/repositories?q=second&status=Synced", page => page.GetProperty("total").GetInt64() == 1);
    }
}
