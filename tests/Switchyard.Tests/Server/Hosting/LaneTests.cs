using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Switchyard.Server.Hosting.Jobs;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

/// <summary>When a lane is drained.</summary>
public sealed class LaneTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_kick_drains_a_lane_that_sleeps_until_later()
    {
        var worker = new SleepyWorker(TimeSpan.FromHours(1));
        await using var queue = new LaneQueue(worker, TimeProvider.System, NullLogger.Instance);
        await queue.StartAsync(CancellationToken.None);

        for (var i = 1; i <= 5; i++)
        {
            queue.Kick("a");
            Assert.Equal(i, await worker.Drains.Reader.ReadAsync().AsTask().WaitAsync(Limit, TimeProvider.System));
        }
    }

    [Fact]
    public async Task A_lane_that_asks_for_it_is_drained_again_without_a_kick()
    {
        var worker = new SleepyWorker(TimeSpan.FromMilliseconds(5));
        await using var queue = new LaneQueue(worker, TimeProvider.System, NullLogger.Instance);
        await queue.StartAsync(CancellationToken.None);
        queue.Kick("a");

        for (var i = 1; i <= 5; i++)
        {
            Assert.Equal(i, await worker.Drains.Reader.ReadAsync().AsTask().WaitAsync(Limit, TimeProvider.System));
        }
    }

    /// <summary>Has nothing to do, and wants to look again later.</summary>
    private sealed class SleepyWorker(TimeSpan later) : LaneWorker
    {
        private int drained;

        public Channel<int> Drains { get; } = Channel.CreateUnbounded<int>();

        public override string Kind => "sleepy";

        public override int Concurrency => 1;

        public override Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyCollection<string>>([]);

        public override Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
        {
            Drains.Writer.TryWrite(Interlocked.Increment(ref drained));
            return Task.FromResult<TimeSpan?>(later);
        }
    }
}
