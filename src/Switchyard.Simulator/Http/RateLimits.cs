using System.Collections.Concurrent;
using System.Globalization;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Http;

/// <summary>The primary limit: so many requests an hour for each installation, App, person or address.</summary>
internal sealed class RateLimits(World world)
{
    private readonly ConcurrentDictionary<string, Bucket> buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one request from the caller's hour; null when allowed, otherwise the refusal.</summary>
    public (Bucket Bucket, Answer? Refusal) Take(Caller caller, string resource, bool free)
    {
        var bucket = Of(caller, resource);
        lock (bucket)
        {
            var now = world.Clock.Now;
            if (now >= bucket.Reset)
            {
                bucket.Used = 0;
                bucket.Reset = now.AddHours(1);
            }

            var forced = world.Faults.Find("limits.primary");
            if (forced is not null && !bucket.Forced)
            {
                bucket.Used = Math.Max(0, bucket.Limit - forced.Int("remaining", 0));
                bucket.Forced = true;
            }
            else if (forced is null)
            {
                bucket.Forced = false;
            }

            if (free)
            {
                return (bucket, null);
            }

            if (bucket.Used < bucket.Limit)
            {
                bucket.Used++;
                return (bucket, null);
            }

            var status = forced?.Int("status", 403) ?? 403;
            return (bucket, Answer.Error(status, $"API rate limit exceeded for {Whose(caller)}.", "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"));
        }
    }

    /// <summary>Gives one back: a 304 costs nothing.</summary>
    public static void Return(Bucket bucket)
    {
        lock (bucket)
        {
            bucket.Used = Math.Max(0, bucket.Used - 1);
        }
    }

    public Bucket Of(Caller caller, string resource)
    {
        // Tokens of one installation share its hour.
        var owner = caller.Token?.Installation is { } installation ? $"installation:{installation.Id}" : caller.Name;
        var bucket = buckets.GetOrAdd($"{owner}/{resource}", _ => new Bucket { Resource = resource, Reset = world.Clock.Now.AddHours(1) });
        bucket.Limit = resource switch
        {
            "core" when caller.Kind == CallerKind.Anonymous => 60,
            "core" => Limit(caller.Token),
            "graphql" => 5000,
            "integration_manifest" => 5000,
            _ => 30,
        };
        return bucket;
    }

    /// <summary>5,000, and 50 more for each repository above 20, at most 12,500 (docs: rate limits for the REST API).</summary>
    private int Limit(AccessToken? token)
    {
        var more = token?.Installation is { } installation ? Math.Max(0, world.Repositories.Of(installation).Count - 20) * 50 : 0;
        return world.Options.PrimaryLimit == 5000 ? Math.Min(12_500, 5000 + more) : world.Options.PrimaryLimit;
    }

    private static string Whose(Caller caller) => caller switch
    {
        { Token.Installation: { } installation } => $"installation ID {installation.Id}",
        { App: { } app } => $"app ID {app.Id}",
        { Kind: CallerKind.Anonymous } => "127.0.0.1",
        _ => $"user {caller.Name}",
    };

    internal sealed class Bucket
    {
        public required string Resource { get; init; }

        public int Limit { get; set; }

        public int Used { get; set; }

        public DateTimeOffset Reset { get; set; }

        public bool Forced { get; set; }

        public int Remaining => Math.Max(0, Limit - Used);

        public void WriteTo(IDictionary<string, string> headers)
        {
            headers["X-RateLimit-Limit"] = Limit.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Remaining"] = Remaining.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Used"] = Used.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Reset"] = Reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Resource"] = Resource;
        }
    }
}
