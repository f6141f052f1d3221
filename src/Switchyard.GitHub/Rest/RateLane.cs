using System.Globalization;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// The limits of one installation (or App, or token): at most 100 calls at once, at most 80 writes a minute and 500 an
/// hour, and nothing at all while GitHub has asked for a pause (docs: rate limits and best practices of the REST API).
/// </summary>
internal sealed class RateLane(TimeProvider time) : IDisposable
{
    private const int Concurrent = 100;
    private const int WritesPerMinute = 80;
    private const int WritesPerHour = 500;

    // What a write that yields leaves to the others.
    private const int LeftPerMinute = 20;
    private const int LeftPerHour = 100;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim places = new(Concurrent, Concurrent);
    private readonly Lock gate = new();

    // When the last 500 writes were (or are to be) sent; the next one takes the place of the oldest.
    private readonly DateTimeOffset[] writes = new DateTimeOffset[WritesPerHour];
    private int nextWrite;
    private DateTimeOffset pausedUntil;
    private int secondaryHits;
    private long? limit;
    private long? remaining;
    private DateTimeOffset? resetAt;

    public RateLimit State
    {
        get
        {
            lock (gate)
            {
                return new RateLimit(limit, remaining, resetAt, pausedUntil > time.GetUtcNow() ? pausedUntil : null);
            }
        }
    }

    /// <summary>Takes a place among the concurrent calls; dispose to leave it.</summary>
    public async ValueTask<Place> EnterAsync(CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        return new Place(places);
    }

    /// <summary>
    /// When a call may be sent. A write takes its turn in the pace, unless that is further off than the call may wait.
    /// </summary>
    /// <param name="write">Whether it counts against the pace.</param>
    /// <param name="longestWait">How long the call may wait.</param>
    /// <param name="yields">
    /// Whether it leaves the last of the pace to others. It must not wait: turns are given in the order of their times,
    /// and one that was promised for later would come before writes that need not wait.
    /// </param>
    public DateTimeOffset Turn(bool write, TimeSpan longestWait, bool yields = false)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var at = Later(now, pausedUntil);
            if (!write)
            {
                return at;
            }

            at = Later(at, Back(WritesPerMinute - (yields ? LeftPerMinute : 0)) + Minute);
            at = Later(at, Back(WritesPerHour - (yields ? LeftPerHour : 0)) + Hour);
            if (at - now <= longestWait)
            {
                writes[nextWrite] = at;
                nextWrite = (nextWrite + 1) % WritesPerHour;
            }

            return at;
        }
    }

    /// <summary>Whether the lane was paused after a turn had been given.</summary>
    public DateTimeOffset PausedUntil
    {
        get
        {
            lock (gate)
            {
                return pausedUntil;
            }
        }
    }

    /// <summary>Reads the counters of an answer. Search and the manifest conversion have buckets of their own, which pause nothing else.</summary>
    public void Learn(ApiResponse response, Func<DateTimeOffset, DateTimeOffset> toLocal)
    {
        if (response.Header("x-ratelimit-resource") is not (null or "core") || Number(response, "x-ratelimit-remaining") is not { } left)
        {
            return;
        }

        lock (gate)
        {
            limit = Number(response, "x-ratelimit-limit") ?? limit;
            remaining = left;
            resetAt = ResetOf(response, toLocal) ?? resetAt;
            if (left == 0 && resetAt is { } reset)
            {
                pausedUntil = Later(pausedUntil, reset);
            }

            if (response.IsSuccess)
            {
                secondaryHits = 0;
            }
        }
    }

    /// <summary>
    /// GitHub refused because of a limit: the whole lane pauses. retry-after, else the reset of a used-up quota, else a
    /// minute, doubled each time up to an hour.
    /// </summary>
    public DateTimeOffset Pause(ApiResponse response, Func<DateTimeOffset, DateTimeOffset> toLocal)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            DateTimeOffset until;
            if (Number(response, "retry-after") is { } seconds)
            {
                until = now + TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 24 * 3600));
            }
            else if (Number(response, "x-ratelimit-remaining") == 0 && ResetOf(response, toLocal) is { } reset)
            {
                until = Later(reset, now + TimeSpan.FromSeconds(1));
            }
            else
            {
                until = now + TimeSpan.FromMinutes(Math.Min(60, 1L << Math.Min(secondaryHits++, 6)));
            }

            pausedUntil = Later(pausedUntil, until);
            return pausedUntil;
        }
    }

    public void Dispose() => places.Dispose();

    /// <summary>When the write was sent that lies so many before the next one.</summary>
    private DateTimeOffset Back(int count) => writes[(nextWrite + WritesPerHour - count) % WritesPerHour];

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset? ResetOf(ApiResponse response, Func<DateTimeOffset, DateTimeOffset> toLocal) =>
        Number(response, "x-ratelimit-reset") is { } seconds and > 0 and < 253_402_300_800 ? toLocal(DateTimeOffset.FromUnixTimeSeconds(seconds)) : null;

    private static long? Number(ApiResponse response, string header) =>
        long.TryParse(response.Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    internal readonly struct Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
