using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Http;

/// <summary>One request as another process may want to count it. Tokens appear as a fingerprint only.</summary>
internal sealed record LoggedRequest(long Sequence, DateTimeOffset At, string Kind, string Method, string Path)
{
    public string Caller { get; private set; } = "anonymous";


    public string? TokenFingerprint { get; init; }

    public string? Operation { get; set; }

    public int Status { get; set; }

    public string? Body { get; init; }

    public string? ApiVersion { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The fault switch that made the answer, if one did.</summary>
    public string? Fault { get; set; }

    public void SetCaller(string name) => Caller = name;

    public JsonObject ToJson() => new()
    {
        ["sequence"] = Sequence,
        ["at"] = At.ToString("O"),
        ["kind"] = Kind,
        ["method"] = Method,
        ["path"] = Path,
        ["operation"] = Operation,
        ["status"] = Status,
        ["caller"] = Caller,
        ["token"] = TokenFingerprint,
        ["apiVersion"] = ApiVersion,
        ["userAgent"] = UserAgent,
        ["fault"] = Fault,
        ["body"] = Body,
    };
}

/// <summary>All requests but those to /_simulator, in the order of arrival; the oldest go when there are too many.</summary>
internal sealed class RequestLog(TimeProvider time)
{
    private const int Kept = 200_000;
    private readonly ConcurrentQueue<LoggedRequest> entries = new();
    private long sequence;

    public IReadOnlyList<LoggedRequest> Entries => [.. entries];

    public LoggedRequest Add(string kind, string method, string path, string caller, string? secret = null, byte[]? body = null, string? apiVersion = null, string? userAgent = null)
    {
        var entry = new LoggedRequest(Interlocked.Increment(ref sequence), time.GetUtcNow(), kind, method, path)
        {
            TokenFingerprint = secret is null ? null : Fingerprint(secret),
            Body = body is null or { Length: 0 or > 65_536 } ? null : Encoding.UTF8.GetString(body),
            ApiVersion = apiVersion,
            UserAgent = userAgent,
        };
        entry.SetCaller(caller);
        entries.Enqueue(entry);
        if (entries.Count > Kept)
        {
            entries.TryDequeue(out _);
        }

        return entry;
    }

    public void Clear() => entries.Clear();

    public static string Fingerprint(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..12];
}
