using System.Text.Json.Nodes;
using Switchyard.Rules;
using Switchyard.Server.Dispatches;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>What a released pending becomes: a row an action, whatever may go out or not.</summary>
public sealed class IntentTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_action_is_a_row_and_writing_them_again_adds_none(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind);
        var released = await ReleaseAsync(
            world,
            """
            - workflow: { repository: "${{ source.owner }}/the-tests", file: integration.yml, inputs: { sha: "${{ signal.sha }}" } }
            - dispatch: { repository: acme/the-tests, event_type: upstream-changed, payload: { repo: "${{ source.full_name }}", id: "${{ dispatch.id }}" } }
            """);
        var first = await WriteAsync(world, released);
        var second = await WriteAsync(world, released);

        Assert.Equal((2, 0), (first.DispatchIds.Count, second.DispatchIds.Count));
        Assert.Single(first.DispatchLanes);
        Assert.Single(first.ReportLanes);
        var (workflow, dispatch) = (await world.FindAsync(first.DispatchIds[0]), await world.FindAsync(first.DispatchIds[1]));
        Assert.Equal(("acme/the-tests", "integration.yml", "main", $$"""{"sha":"{{world.Sha}}"}"""), (workflow.TargetName, workflow.Workflow, workflow.Ref, workflow.Body));
        var payload = JsonNode.Parse(dispatch.Body)!;
        Assert.Equal((dispatch.Token, dispatch.Token, 1L, world.Sha), (payload["id"]!.ToString(), payload["switchyard"]!["dispatch"]!.ToString(), payload["switchyard"]!["hop"]!.GetValue<long>(), payload["switchyard"]!["source"]!["sha"]!.ToString()));

        await world.DrainAsync();
        await world.PassAsync(TimeSpan.FromSeconds(5));
        Assert.Single(await world.EffectsAsync("workflow_dispatch"));
        Assert.Single(await world.EffectsAsync("repository_dispatch"));
        Assert.Equal("success", (await world.CheckRunAsync())["conclusion"]!.ToString());
    }

    [Theory]
    [InlineData("- job: { registry: prod, file: job.yml }", DispatchState.Failed, "Azure ML")]
    [InlineData("""- dispatch: { repository: other/tests, event_type: x }""", DispatchState.Suppressed, "switchyard admin target allow other/tests")]
    [InlineData("""- dispatch: { repository: acme/the-tests, event_type: "${{ signal.title }}" }""", DispatchState.Failed, "event_type is empty")]
    public async Task What_cannot_go_out_is_a_row_that_says_why(string action, string state, string expected)
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var written = await WriteAsync(world, await ReleaseAsync(world, action));
        var dispatch = await world.FindAsync(Assert.Single(written.DispatchIds));
        Assert.Equal(state, dispatch.State);
        Assert.Contains(expected, dispatch.Error, StringComparison.Ordinal);
        Assert.Empty(written.DispatchLanes);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_rule_that_runs_too_often_is_stopped(string kind)
    {
        await using var world = await DispatchWorld.StartAsync(kind, settings: new Dictionary<string, string?> { ["Dispatches:LoopBrake"] = "3" });
        const string Action = "- dispatch: { repository: acme/the-tests, event_type: upstream-changed }";
        var states = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            states.Add((await world.FindAsync((await WriteAsync(world, await ReleaseAsync(world, Action))).DispatchIds[0])).State);
        }

        Assert.Equal([DispatchState.Pending, DispatchState.Pending, DispatchState.Pending, DispatchState.Suppressed, DispatchState.Suppressed], states);
        world.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(DispatchState.Pending, (await world.FindAsync((await WriteAsync(world, await ReleaseAsync(world, Action))).DispatchIds[0])).State);
    }

    [Fact]
    public async Task What_an_administrator_takes_back_is_not_sent_and_a_person_cannot_send_it_either()
    {
        await using var world = await DispatchWorld.StartAsync("sqlite");
        var released = await ReleaseAsync(world, "- dispatch: { repository: acme/the-tests, event_type: upstream-changed }");
        var id = (await WriteAsync(world, released with { Scope = RuleFileScope.Local(["acme/*"]) })).DispatchIds[0];
        await world.DrainAsync("dispatches");
        Assert.Equal(DispatchState.Suppressed, (await world.FindAsync(id)).State);

        Assert.True((await world.Get<DispatchActions>().RetryAsync(await world.FindAsync(id), CancellationToken.None)).Done);
        await world.DrainAsync("dispatches");
        Assert.Equal(DispatchState.Suppressed, (await world.FindAsync(id)).State);
        Assert.Empty(await world.EffectsAsync("repository_dispatch"));

        await world.Database.WriteAsync(
            session => session.ExecuteAsync("insert into targets (provider_id, pattern, created_by, created_at) values (@Provider, 'acme/*', 'test', 0)", new { world.Provider }), CancellationToken.None);
        Assert.True((await world.Get<DispatchActions>().RetryAsync(await world.FindAsync(id), CancellationToken.None)).Done);
        await world.DrainAsync("dispatches");
        Assert.Equal(DispatchState.Sent, (await world.FindAsync(id)).State);
    }

    private static Task<WrittenIntents> WriteAsync(DispatchWorld world, ReleasedPending released) =>
        world.Database.WriteAsync(session => world.Get<DispatchIntents>().WriteAsync(session, released), CancellationToken.None);

    private static async Task<ReleasedPending> ReleaseAsync(DispatchWorld world, string actions)
    {
        var scope = RuleFileScope.Central("acme");
        var file = RuleFile.Parse($"version: 1\nrules:\n  - name: {DispatchWorld.Rule}\n    on:\n      push: {{ repositories: [acme/*] }}\n      pull_request: {{ repositories: [acme/*] }}\n    do:\n{string.Join('\n', actions.Split('\n').Select(line => "      " + line))}\n", RuleFileScope.Central("acme", ["other/*"]));
        Assert.True(file.File is not null, string.Join('\n', file.Problems.Select(problem => problem.Message)));
        var (pending, rule, signal) = await world.Database.WriteAsync(session => world.SeedAsync(session, world.Time.GetUtcNow().ToUnixTimeMilliseconds()), CancellationToken.None);
        var source = (await world.Get<Switchyard.Server.Providers.RepositoryAccess>().FindAsync(world.Provider, DispatchWorld.Source, CancellationToken.None)).Found!;
        return new ReleasedPending
        {
            PendingId = pending,
            ProviderId = world.Provider,
            RuleId = rule,
            RevisionId = 1,
            Rule = file.File.Rules[0],
            Scope = scope,
            SignalId = signal,
            Facts = new SignalFacts { Kind = SignalKind.Push, Id = "1", Sha = world.Sha, Ref = "refs/heads/main", Branch = "main", Source = new SourceFacts { Id = source.GithubId, Owner = "acme", Name = "the-app" } },
            Sources = [new ReleasedSource(source.GithubId, DispatchWorld.Source, "refs/heads/main", world.Sha, signal)],
            Signals = 1,
            Now = world.Time.GetUtcNow(),
        };
    }
}
