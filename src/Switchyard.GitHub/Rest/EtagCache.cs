namespace Switchyard.GitHub.Rest;

/// <summary>Answers with an ETag, bounded by bytes, the longest unused ones dropped first. A 304 costs no quota.</summary>
internal sealed class EtagCache(long maxBytes)
{
    private const int LargestBody = 1024 * 1024;
    private const int PerEntry = 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> byUse = [];
    private long bytes;

    public static string KeyOf(ApiRequest request, Uri url) => $"{request.Identity.CacheKey} {request.Accept} {url.AbsoluteUri}";

    public ApiResponse? Find(string key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var node))
            {
                return null;
            }

            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Response;
        }
    }

    public void Keep(string key, ApiResponse response)
    {
        lock (gate)
        {
            if (entries.Remove(key, out var old))
            {
                byUse.Remove(old);
                bytes -= old.Value.Size;
            }

            if (response.Status != 200 || response.Header("etag") is null || response.Body.Length > LargestBody)
            {
                return;
            }

            var entry = new Entry(key, response, response.Body.Length + key.Length + PerEntry);
            entries[key] = byUse.AddFirst(entry);
            bytes += entry.Size;
            while (bytes > maxBytes && byUse.Last is { } last)
            {
                byUse.RemoveLast();
                entries.Remove(last.Value.Key);
                bytes -= last.Value.Size;
            }
        }
    }

    private sealed record Entry(string Key, ApiResponse Response, long Size);
}
