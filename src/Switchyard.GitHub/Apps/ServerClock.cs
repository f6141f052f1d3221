namespace Switchyard.GitHub.Apps;

/// <summary>GitHub's clock as seen from here, learned from the Date header of its answers.</summary>
internal sealed class ServerClock(TimeProvider time, Action<GitHubNotice>? notice = null)
{
    // Date has whole seconds and an answer travels; less than this is not worth believing.
    private static readonly TimeSpan Noise = TimeSpan.FromSeconds(3);
    private long skewTicks;

    public TimeProvider Time => time;

    public TimeSpan Skew => new(Interlocked.Read(ref skewTicks));

    public DateTimeOffset Now => time.GetUtcNow() + Skew;

    /// <summary>A time of GitHub's by this machine's clock.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset server) => server - Skew;

    public void Learn(HttpResponseMessage response)
    {
        // An answer out of a proxy's cache tells when it was put there.
        if (response.Headers.Date is not { } date || response.Headers.Age is not null)
        {
            return;
        }

        var seen = date - time.GetUtcNow();
        if ((seen - Skew).Duration() <= Noise)
        {
            return;
        }

        Interlocked.Exchange(ref skewTicks, seen.Duration() <= Noise ? 0 : seen.Ticks);
        notice?.Invoke(new GitHubNotice(
            GitHubNoticeKind.ClockSkew,
            $"This machine's clock is {Math.Abs(seen.TotalSeconds):0} s {(seen > TimeSpan.Zero ? "behind" : "ahead of")} GitHub's; signatures are made by GitHub's. Check the time synchronization of this machine."));
    }
}
