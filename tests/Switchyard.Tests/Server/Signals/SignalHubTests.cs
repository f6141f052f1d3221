using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Rules;
using Switchyard.Server.Repositories;
using Switchyard.Server.Signals;
using Switchyard.Tests.Server.Repositories;
using Xunit;

namespace Switchyard.Tests.Server.Signals;

/// <summary>The whole way, from a simulated GitHub to <c>/api/v1/signals</c>.</summary>
public sealed class SignalHubTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_push_shows_as_a_signal_of_its_delivery_and_of_its_models(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Syncs.Files.Hackolade("A", "one")));
        await hub.PushAsync(("a.hck.json", Syncs.Files.Hackolade("A", "two")), ("docs/readme.md", "x"));

        var model = Hub.Items(await hub.UntilAsync("/api/v1/signals?kind=model", page => Hub.Items(page).Any())).Single();
        var push = Hub.Items(await hub.GetAsync("/api/v1/signals?kind=PUSH&repository=acme/models&source=webhook&provider=by-hand")).Single();
        Assert.Equal(("refs/heads/main", "Webhook", "acme/models"), (Hub.Text(push, "ref"), Hub.Text(push, "source"), Hub.Text(push, "repository")));
        Assert.Equal((Hub.Text(push, "sha"), "Sync", "changed"), (Hub.Text(model, "sha"), Hub.Text(model, "source"), Hub.Text(model, "action")));
        Assert.Equal("2", Hub.Text(await hub.GetAsync($"/api/v1/signals?sha={Hub.Text(push, "sha")![..10]}"), "total"));

        var detail = await hub.GetAsync("/api/v1/signals/" + Hub.Text(push, "id"));
        Assert.Equal(["a.hck.json", "docs/readme.md"], detail.GetProperty("facts").GetProperty("paths").EnumerateArray().Select(path => path.GetString()));
        var delivery = await hub.GetAsync("/api/v1/deliveries/" + Hub.Text(push, "deliveryId"));
        Assert.Equal("A Signal of the push; acme/models wants a Sync", Hub.Text(delivery.GetProperty("delivery"), "outcome"));

        var paged = await hub.GetAsync("/api/v1/signals?limit=1");
        var next = await hub.GetAsync("/api/v1/signals?limit=1&cursor=" + Hub.Text(paged, "nextCursor"));
        Assert.Equal((Hub.Text(model, "id"), Hub.Text(push, "id")), (Hub.Text(Hub.Items(paged).Single(), "id"), Hub.Text(Hub.Items(next).Single(), "id")));
    }

    [Theory]
    [InlineData("/api/v1/signals?kind=star", HttpStatusCode.UnprocessableEntity, "it must be push, pull_request, tag")]
    [InlineData("/api/v1/signals?source=hearsay", HttpStatusCode.UnprocessableEntity, "it must be Webhook, Poll, Sync, Schedule or User")]
    [InlineData("/api/v1/signals?repo=x", HttpStatusCode.UnprocessableEntity, "repo is no parameter here")]
    [InlineData("/api/v1/signals?repository=acme/none", HttpStatusCode.NotFound, "There is no repository acme/none here")]
    [InlineData("/api/v1/signals/999", HttpStatusCode.NotFound, "There is no signal 999.")]
    public async Task What_cannot_be_asked_is_refused_with_what_can(string path, HttpStatusCode status, string says)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        using var answer = await server.Http.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pushes_and_tags_whose_deliveries_never_come_are_found_by_the_poll_and_counted(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, Care, ("a.hck.json", Syncs.Files.Hackolade("A", "one")));
        var poll = hub.Server.Get<PollRefs>();
        await poll.RunAsync(CancellationToken.None);
        await hub.ControlAsync("PUT", "faults/deliveries.drop", new JsonObject { ["rate"] = 1 });
        await hub.PushAsync(("b.txt", "lost"));
        await poll.RunAsync(CancellationToken.None);
        await poll.RunAsync(CancellationToken.None);

        var found = Hub.Items(await hub.GetAsync("/api/v1/signals?kind=push")).Single();
        Assert.Equal(("Poll", "refs/heads/main", null), (Hub.Text(found, "source"), Hub.Text(found, "ref"), Hub.Text(found, "deliveryId")));
        Assert.Contains("switchyard_signal_found_by_poll_total{kind=\"push\"} 1", await hub.Server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);

        // The delivery log still has it: what comes late is the same fact.
        await hub.ControlAsync("DELETE", "faults");
        await hub.PostAsync("/api/v1/deliveries/recover", null, HttpStatusCode.OK);
        var told = await hub.UntilAsync("/api/v1/signals?kind=push", page => Hub.Items(page).Any() && Hub.Items(page).All(item => Hub.Text(item, "deliveryId") is not null));
        Assert.Equal("1", Hub.Text(told, "total"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Checks_that_have_settled_are_one_signal_and_a_rerun_is_another(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, Care, ("a.hck.json", Syncs.Files.Hackolade("A", "one")));
        var sha = Hub.Text(await hub.GetAsync("/api/v1/repositories/" + hub.Repository), "syncedHead")!;
        await hub.CheckAsync(sha, "build", "success");
        await hub.CheckAsync(sha, "lint", "neutral");
        await hub.ControlAsync("POST", "repositories/acme/models/statuses", new JsonObject { ["sha"] = sha, ["context"] = "ci/legacy", ["state"] = "success" });
        var first = Hub.Items(await hub.UntilAsync("/api/v1/signals?kind=checks", page => Hub.Items(page).Any())).First();
        var facts = (await hub.GetAsync("/api/v1/signals/" + Hub.Text(first, "id"))).GetProperty("facts");
        Assert.Equal((sha, "success"), (Hub.Text(first, "sha"), Hub.Text(facts.GetProperty("checks"), "conclusion")));

        await hub.CheckAsync(sha, "build", "failure");
        var failed = await hub.UntilAsync(
            "/api/v1/signals?kind=checks", page => Hub.Items(page).Any(item => Hub.Text(item, "id") != Hub.Text(first, "id")));
        var last = (await hub.GetAsync("/api/v1/signals/" + Hub.Text(Hub.Items(failed).First(), "id"))).GetProperty("facts").GetProperty("checks");
        Assert.Equal("failure", Hub.Text(last, "conclusion"));
        Assert.Equal(["build", "ci/legacy", "lint"], last.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Checks_are_no_signals_where_no_rule_waits_for_them()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Syncs.Files.Hackolade("A", "one")));
        await hub.CheckAsync(Hub.Text(await hub.GetAsync("/api/v1/repositories/" + hub.Repository), "syncedHead")!, "build", "success");
        var told = await hub.UntilAsync("/api/v1/deliveries?event=check_run", page => page.GetProperty("total").GetInt64() > 0 && Hub.Items(page).All(item => Hub.Text(item, "state") == "Handled"));
        Assert.Contains(Hub.Items(told), item => Hub.Text(item, "outcome") == "No effect (no rule waits for checks of acme/models)");
        Assert.Equal(0, await hub.Server.Database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from check_subjects"), CancellationToken.None));
    }

    [Fact]
    public async Task Paths_that_the_push_does_not_tell_are_asked_for_beyond_what_GitHub_lists()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Syncs.Files.Hackolade("A", "one")), ("old.txt", "x"));
        await hub.ControlAsync("PUT", "faults/push.cap", new JsonObject { ["commits"] = 0 });
        await hub.PushAsync(("b.txt", "1"), ("old.txt", null));
        var few = await FactsAsync(hub, 1);
        var paths = hub.Server.Get<ChangedPaths>();
        Assert.Null(few.Facts.Paths);
        Assert.Equal(["b.txt", "old.txt"], (await paths.ReadAsync(few.Provider, few.Facts, CancellationToken.None)).Paths);

        await hub.PushAsync([.. Enumerable.Range(0, 301).Select(number => ($"many/{number.ToString("d3", CultureInfo.InvariantCulture)}.txt", (string?)"x"))]);
        var many = await FactsAsync(hub, 2);
        var found = await paths.ReadAsync(many.Provider, many.Facts, CancellationToken.None);
        Assert.True(found.Paths is not null, found.Reason);
        Assert.Equal(301, found.Paths.Count);

        await hub.Server.Get<SignalStore>().SavePathsAsync(many.Id, found.Paths, CancellationToken.None);
        Assert.Equal(found.Paths, (await hub.Server.Get<SignalStore>().FindAsync(many.Id, CancellationToken.None))!.ReadFacts().Paths);
        Assert.Equal("a Signal of the kind release changes no paths", (await paths.ReadAsync(many.Provider, many.Facts with { Paths = null, Kind = SignalKind.Release }, CancellationToken.None)).Reason);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Old_signals_go_unless_somebody_needs_them(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        await server.Database.WriteAsync(
            async session =>
            {
                foreach (var (id, evaluated) in ((long, long?)[])[(1, 5), (2, null), (3, 5), (4, 5), (5, 5)])
                {
                    await session.ExecuteAsync(
                        "insert into signals (id, provider_id, identity, kind, lane, source, facts, occurred_at, recorded_at, evaluated_at) values (@id, 1, @identity, 'push', '1:1', 'Webhook', '{}', 5, 5, @evaluated)",
                        new { id, identity = "signal " + id.ToString(CultureInfo.InvariantCulture), evaluated });
                }

                await session.ExecuteAsync(
                    "insert into pendings (provider_id, rule_id, revision_id, key, slot, lane, state, signal_id, first_at, last_at, due_at, ended_at) values (1, 1, 1, 'k', 'k', '1:1', 'Quiet', 3, 5, 5, 5, null)");
                await session.ExecuteAsync(
                    """
                    insert into dispatches (provider_id, token, pending_id, action, rule_id, revision_id, signal_id, kind, target_name, body, hop, lane, state, due_at, created_at, ended_at)
                    values (1, 't', 1, 0, 1, 1, 4, 'workflow', 'acme/t', '{}', 0, 'l', 'Sent', 5, @now, 5)
                    """,
                    new { now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });
            },
            CancellationToken.None);
        await server.App.Services.GetServices<Switchyard.Server.Hosting.Jobs.RecurringJob>().OfType<ExpireSignals>().Single().RunAsync(CancellationToken.None);
        Assert.Equal([2, 3, 4], await server.Database.ReadAsync(session => session.QueryAsync<long>("select id from signals order by id"), CancellationToken.None));
    }

    private static void Care(IServiceCollection services) => services.AddSingleton<ISignalInterest, Everything>();

    private static async Task<(long Id, long Provider, SignalFacts Facts)> FactsAsync(Hub hub, long count)
    {
        var page = await hub.UntilAsync("/api/v1/signals?kind=push", list => Hub.Items(list).Count() == count);
        var row = (await hub.Server.Get<SignalStore>().FindAsync(long.Parse(Hub.Text(Hub.Items(page).First(), "id")!, CultureInfo.InvariantCulture), CancellationToken.None))!;
        return (row.Id, row.ProviderId, row.ReadFacts());
    }

    private sealed class Everything : ISignalInterest
    {
        public bool Wants(string kind, long providerId, string fullName) => true;
    }
}
