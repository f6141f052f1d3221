using Microsoft.AspNetCore.Http;

namespace Switchyard.Simulator.Http;

/// <summary>What the pipeline learns about one REST request on the way.</summary>
internal sealed class Exchange(HttpContext http, Route? route, IReadOnlyDictionary<string, string> values, byte[] body)
{
    public HttpContext Http { get; } = http;

    /// <summary>Null: an operation that is not simulated.</summary>
    public Route? Route { get; } = route;

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    public byte[] Body { get; } = body;

    public required LoggedRequest Entry { get; init; }

    public Caller Caller { get; set; } = Caller.Anonymous;

    public string ApiVersion { get; set; } = "2022-11-28";

    public RateLimits.Bucket? Bucket { get; set; }

    /// <summary>The conversion of manifests has a budget of its own.</summary>
    public string Resource => Route?.Template.StartsWith("/app-manifests/", StringComparison.Ordinal) == true ? "integration_manifest" : "core";
}
