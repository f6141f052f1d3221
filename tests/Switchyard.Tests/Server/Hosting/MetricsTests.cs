using System.Text;
using Switchyard.Server.Repositories;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Server.Repositories;
using Switchyard.Tests.Server.Syncs;
using Switchyard.Tests.Server.Webhooks;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

public sealed class MetricsTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Waiting_and_dead_deliveries_are_counted_with_the_age_of_the_oldest(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind, new Dictionary<string, string?> { ["Webhooks:Lanes"] = "0" });
        var sender = await DeliverySender.AddAsync(server);
        foreach (var guid in (string[])["old", "new", "dead", "handled"])
        {
            (await sender.PostAsync("watch", Encoding.UTF8.GetBytes("{}"), guid)).Dispose();
        }

        await server.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update deliveries set due_at = due_at - 600000 where guid = 'old'");
                await session.ExecuteAsync("update deliveries set state = 'Dead' where guid = 'dead'");
                await session.ExecuteAsync("update deliveries set state = 'Handled' where guid = 'handled'");
            },
            CancellationToken.None);

        var metrics = await ReadAsync(server);
        Assert.Equal(("2", "1", "0"), (metrics["switchyard_queue_depth{queue=\"deliveries\"}"], metrics["switchyard_delivery_dead"], metrics["switchyard_queue_depth{queue=\"syncs\"}"]));
        Assert.InRange(double.Parse(metrics["switchyard_queue_oldest_age_seconds{queue=\"deliveries\"}"], System.Globalization.CultureInfo.InvariantCulture), 600, 700);
        Assert.Equal("0", metrics["switchyard_repository_lag_seconds"]);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_a_repository_is_behind_and_what_github_allows_is_told_and_a_status_that_is_gone_is_not(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));
        var metrics = await ReadAsync(hub.Server);
        Assert.Equal("1", metrics["switchyard_repository_count{status=\"Synced\",health=\"Healthy\"}"]);
        Assert.InRange(int.Parse(metrics["switchyard_github_rate_limit_remaining{provider=\"by-hand\",resource=\"core\"}"], System.Globalization.CultureInfo.InvariantCulture), 1, 5000);
        Assert.True(metrics.ContainsKey("switchyard_github_rate_limit_limit{provider=\"by-hand\",resource=\"core\"}"));

        await using (await hub.Server.Database.TryHoldAsync("sync:" + SyncLane.LaneOf(long.Parse(hub.Repository, System.Globalization.CultureInfo.InvariantCulture)), CancellationToken.None))
        {
            await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "order")));
            await hub.RepositoryUntilAsync(row => Hub.Text(row, "status") == "OutOfSync");
            await hub.Server.Database.WriteAsync(session => session.ExecuteAsync("update repositories set wanted_at = wanted_at - 600000"), CancellationToken.None);
            await hub.PushAsync(("a.hck.json", Files.Hackolade("A", "product")));
            await hub.UntilAsync("/api/v1/deliveries?event=push&state=Handled", page => Hub.Items(page).Count() == 2);

            metrics = await ReadAsync(hub.Server);
            Assert.InRange(double.Parse(metrics["switchyard_repository_lag_seconds"], System.Globalization.CultureInfo.InvariantCulture), 600, 700);
            Assert.Equal("1", metrics["switchyard_queue_depth{queue=\"syncs\"}"]);
            Assert.False(metrics.ContainsKey("switchyard_repository_count{status=\"Synced\",health=\"Healthy\"}"));
        }
    }

    private static async Task<Dictionary<string, string>> ReadAsync(ServerFixture server)
    {
        await server.Get<CountForMetrics>().CountAsync(CancellationToken.None);
        var text = await server.Http.GetStringAsync("/metrics");
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(line => line[..line.LastIndexOf(' ')], line => line[(line.LastIndexOf(' ') + 1)..], StringComparer.Ordinal);
    }
}
