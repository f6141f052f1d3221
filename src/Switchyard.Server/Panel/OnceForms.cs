using System.Collections.Concurrent;

namespace Switchyard.Server.Panel;

/// <summary>Forms whose answer is shown once, so that a page that is loaded again does not do it again. Each node remembers those it took in the last hour.</summary>
internal sealed class OnceForms(TimeProvider time)
{
    private const int Most = 1000;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> taken = new(StringComparer.Ordinal);

    /// <summary>False where this very form was taken before.</summary>
    public bool Take(string form)
    {
        var now = time.GetUtcNow();
        if (taken.Count >= Most)
        {
            foreach (var (old, at) in taken)
            {
                if (now - at > Kept)
                {
                    taken.TryRemove(old, out _);
                }
            }
        }

        return taken.TryAdd(form, now);
    }
}
