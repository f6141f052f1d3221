using System.Net;
using System.Text.Json;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

public sealed class HealthTests
{
    [Theory]
    [MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Readiness_looks_at_the_database_the_schema_and_the_jobs(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        server.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("ok", await server.Http.GetStringAsync("/readyz"));
        Assert.Equal(["database True", "migrations True", "jobs True"], await ChecksAsync(server));

        await server.Get<RecurringJobs>().StopAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Http.GetAsync("/readyz")).StatusCode);
        Assert.Contains("jobs False the scheduler of recurring jobs does not run", await ChecksAsync(server));
    }

    [Fact]
    public async Task A_database_that_fails_is_told_without_its_own_words()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        await server.Database.WriteAsync(session => session.ExecuteAsync("alter table migrations rename to elsewhere"), CancellationToken.None);

        var database = (await ChecksAsync(server))[0];
        Assert.StartsWith("database False ", database, StringComparison.Ordinal);
        Assert.Contains("(SqliteException)", database, StringComparison.Ordinal);
        Assert.DoesNotContain("no such table", database, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_that_no_longer_comes_by_makes_the_node_unready()
    {
        var (time, worker) = (new FakeTime(), new HangingWorker());
        await using var services = new ServiceCollection().AddSingleton<LaneWorker>(worker).BuildServiceProvider();
        using var lanes = new Lanes(services, time, NullLogger<Lanes>.Instance);
        Assert.Equal("not started", lanes.Trouble);

        await lanes.StartAsync(CancellationToken.None);
        await worker.Asked.Task;
        Assert.Null(lanes.Trouble);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("the last sweep for due work was 31 s ago", lanes.Trouble);

        await lanes.StopAsync(CancellationToken.None);
        Assert.Equal("not started", lanes.Trouble);
    }

    private static async Task<List<string>> ChecksAsync(ServerFixture server)
    {
        using var answer = await server.Http.GetAsync("/readyz?verbose");
        var checks = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return [.. checks.EnumerateArray().Select(check => $"{check.GetProperty("name")} {check.GetProperty("ok")} {check.GetProperty("detail")}".TrimEnd())];
    }

    private sealed class HangingWorker : LaneWorker
    {
        public TaskCompletionSource Asked { get; } = new();

        public override string Kind => "hanging";

        public override int Concurrency => 1;

        public override Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation) => Task.FromResult<TimeSpan?>(null);

        public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation)
        {
            Asked.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return [];
        }
    }
}
