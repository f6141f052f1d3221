using System.Collections.Concurrent;

namespace Switchyard.Simulator.Deliveries;

/// <summary>Every attempt, newest first by number. Numbers exceed 32 bits, as GitHub's do.</summary>
internal sealed class DeliveryLog(World world)
{
    private readonly ConcurrentDictionary<long, DeliveryAttempt> byId = new();
    private long last = 21_000_000_000;

    /// <summary>Everything that was tried, in order.</summary>
    public IReadOnlyList<DeliveryAttempt> All => [.. byId.Values.OrderBy(attempt => attempt.Id)];

    public long NextId() => Interlocked.Add(ref last, 7);

    public void Add(DeliveryAttempt attempt) => byId[attempt.Id] = attempt;

    /// <summary>What GitHub shows of a hook: the past three days.</summary>
    public IReadOnlyList<DeliveryAttempt> Of(Hook hook)
    {
        var oldest = world.Clock.Now.AddDays(-(world.Faults.Find("deliveries.logRetention")?.Number("days", 3) ?? 3));
        return [.. byId.Values.Where(attempt => attempt.Event.Hook == hook && attempt.Listed && attempt.DeliveredAt >= oldest).OrderByDescending(attempt => attempt.Id)];
    }

    public DeliveryAttempt? Find(Hook hook, long id) => Of(hook).FirstOrDefault(attempt => attempt.Id == id);
}
