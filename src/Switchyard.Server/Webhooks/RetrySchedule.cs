namespace Switchyard.Server.Webhooks;

/// <summary>How long a failed Delivery waits for its next attempt: five seconds, then four times as long each time, at most two hours.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    /// <param name="attempts">Attempts made so far, from 1.</param>
    public static TimeSpan After(long attempts)
    {
        var wait = First * Math.Pow(4, Math.Min(attempts - 1, 10));
        return wait < Longest ? wait : Longest;
    }
}
