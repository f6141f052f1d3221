using System.Text.Json.Nodes;
using Switchyard.Simulator.Faults;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class FaultBoardTests
{
    [Fact]
    public async Task Switches_are_listed_set_cleared_and_unknown_ones_refused()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var all = (await github.ControlAsync("GET", "/faults")).AsArray();
        Assert.Equal(FaultCatalog.All.Count, all.Count);
        Assert.All(all, known => Assert.False(known!["on"]!.GetValue<bool>()));
        Assert.All(all, known => Assert.NotEqual("", known!["description"]!.ToString()));

        await github.FaultAsync("api.error", new JsonObject { ["status"] = 500 });
        await github.FaultAsync("deliveries.drop");
        Assert.Equal(2, (await github.ControlAsync("GET", "/faults")).AsArray().Count(known => known!["on"]!.GetValue<bool>()));
        await github.ControlAsync("DELETE", "/faults");
        Assert.DoesNotContain((await github.ControlAsync("GET", "/faults")).AsArray(), known => known!["on"]!.GetValue<bool>());
        await Assert.ThrowsAsync<ArgumentException>(() => github.Host.SetFaultAsync("no.such"));
        await Assert.ThrowsAsync<ArgumentException>(() => github.Host.SetFaultAsync("repo.rename", new JsonObject { ["repository"] = "acme/models" }));
    }

    [Fact]
    public void Chance_is_seeded_counted_and_limited()
    {
        static string Draw(JsonObject arguments, int seed)
        {
            var fault = new FaultArguments(arguments, new Random(seed));
            return string.Concat(Enumerable.Range(0, 40).Select(_ => fault.Happens() ? "x" : "."));
        }

        Assert.Equal(Draw(new JsonObject { ["rate"] = 0.3 }, 1), Draw(new JsonObject { ["rate"] = 0.3 }, 1));
        Assert.NotEqual(Draw(new JsonObject { ["rate"] = 0.3 }, 1), Draw(new JsonObject { ["rate"] = 0.3 }, 2));
        Assert.InRange(Draw(new JsonObject { ["rate"] = 0.3 }, 1).Count(c => c == 'x'), 4, 22);
        Assert.StartsWith("..x.......", Draw(new JsonObject { ["skip"] = 2, ["times"] = 1 }, 1), StringComparison.Ordinal);
        Assert.StartsWith(".x.x.x", Draw(new JsonObject { ["every"] = 2 }, 1), StringComparison.Ordinal);
    }
}
