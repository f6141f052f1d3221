using Xunit;

namespace Switchyard.Tests.Infrastructure;

public sealed class FakeTimeTests
{
    [Fact]
    public async Task Delays_end_in_order_at_their_own_moments()
    {
        var time = new FakeTime();
        var start = time.GetUtcNow();
        var ended = new List<(int Name, double At)>();
        using var third = time.CreateTimer(_ => ended.Add((3, (time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var first = time.CreateTimer(_ => ended.Add((1, (time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        var delay = Task.Delay(TimeSpan.FromSeconds(4), time);

        time.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal([(1, 1.0), (3, 3.0), (1, 3.0)], ended);
        Assert.False(delay.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await delay;

        Assert.Equal(4.5, time.GetElapsedTime(0).TotalSeconds);
        Assert.Equal(start.AddSeconds(4.5), time.GetUtcNow());
    }

    [Fact]
    public async Task A_test_can_wait_for_the_code_to_wait()
    {
        var time = new FakeTime();
        var waiting = time.NextTimerAsync(TimeSpan.FromMinutes(1));
        using var timeout = new CancellationTokenSource(TimeSpan.FromHours(1), time);
        Assert.False(waiting.IsCompleted);

        var delay = Task.Delay(TimeSpan.FromSeconds(20), time);

        Assert.Equal(20, (await waiting).TotalSeconds);
        Assert.Equal(20, (await time.AdvanceToNextTimerAsync()).TotalSeconds);
        await delay;
        Assert.Equal(1, time.PendingTimers);
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(timeout.IsCancellationRequested);
    }
}
