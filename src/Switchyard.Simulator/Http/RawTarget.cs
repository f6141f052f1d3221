using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Switchyard.Simulator.Http;

/// <summary>The path as sent, with its percent escapes.</summary>
internal static class RawTarget
{
    public const string ApiPrefix = "/api/v3";

    public static string Path(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        return end < 0 ? target : target[..end];
    }

    /// <summary>Without the prefix of the REST API.</summary>
    public static string ApiPath(HttpContext http) => Path(http)[ApiPrefix.Length..];
}
