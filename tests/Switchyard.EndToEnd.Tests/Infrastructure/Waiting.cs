namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>Waits for another process: asks until it is so, or says what was last seen.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo, TimeSpan limit, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string seen;
            try
            {
                var value = await ask();
                if (isSo(value))
                {
                    return value;
                }

                seen = value?.ToString() ?? "nothing";
            }
            catch (HttpRequestException refused)
            {
                seen = refused.Message;
            }

            if (TimeProvider.System.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"Not within {limit}: {what}. Last seen: {seen}");
            }

            await Task.Delay(Step, TimeProvider.System);
        }
    }
}
