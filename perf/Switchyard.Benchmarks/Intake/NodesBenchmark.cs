using System.Net.Sockets;
using System.Security.Cryptography;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Intake;

/// <summary>
/// Two nodes on one PostgreSQL, one of them killed in a burst: how long its lanes stand still until the other, which has work
/// of its own, goes on with them. Nothing more arrives for these lanes, so that nothing but the other's sweep finds them.
/// </summary>
internal static class NodesBenchmark
{
    private const int Rounds = 6;
    private const int Lanes = 192;
    private const int Connections = 64;
    private const int Burst = 100_000;
    private const int SteadyRate = 200;
    private const int SteadySeconds = 6;
    private const int OwnFirst = PushPayload.FirstRepository + Lanes;

    public static async Task RunAsync(Report report)
    {
        if (DatabaseKind.FindPostgreSql() is not { } postgres)
        {
            return;
        }

        await using var stage = await IntakeStage.CreateAsync(postgres.Administration);
        await using var survivor = await stage.StartServerAsync(node: "survivor");
        var steady = new DeliveryLoad(survivor.Port, PushPayload.Of(Lanes, OwnFirst));
        await steady.RunAsync(Connections, Burst / 50);
        var gaps = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await stage.Deliveries.UntilEmptyAsync();
            var own = steady.RunAsync(Connections, SteadyRate * SteadySeconds, SteadyRate);
            gaps.AddRange(await KillAsync(stage));
            await own;
        }

        await stage.Deliveries.UntilEmptyAsync();
        var all = new Latencies([.. gaps]);
        report.Add($"two nodes, PostgreSQL, one killed in a burst: its lanes go on after (median of {all.Count} lanes in {Rounds} rounds)", all.P50, "ms", "-");
        report.Add("two nodes, PostgreSQL, one killed in a burst: the last of its lanes goes on after", gaps.Max() / 1000, "s", "<= 3 s");
    }

    /// <summary>The time from the kill to the next handled Delivery of each lane that had some left, in milliseconds.</summary>
    private static async Task<IEnumerable<double>> KillAsync(IntakeStage stage)
    {
        await using var victim = await stage.StartServerAsync(node: "victim");
        var burst = new DeliveryLoad(victim.Port, PushPayload.Of(Lanes)).RunAsync(Connections, Burst);
        // At any moment of the other's sweep, which comes every two seconds.
        await Task.Delay(TimeSpan.FromMilliseconds(1_000 + RandomNumberGenerator.GetInt32(2_000)), TimeProvider.System);
        var killed = Now;
        await victim.KillAsync();
        var dead = Now;
        try
        {
            await burst;
            throw new InvalidOperationException("The burst was over before the node was killed.");
        }
        catch (Exception broken) when (broken is SocketException or DeliveryLoad.RefusedException)
        {
            // The connections went with the node.
        }

        await stage.Deliveries.UntilEmptyAsync();
        var next = await stage.Deliveries.FirstHandledAsync(PushPayload.FirstRepository, OwnFirst - 1, dead);
        Console.Error.WriteLine($"  killed with work left in {next.Count} lanes; they went on after {(next.Count == 0 ? 0 : next.Min() - killed)} to {(next.Count == 0 ? 0 : next.Max() - killed)} ms");
        return next.Select(at => (double)(at - killed));
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
