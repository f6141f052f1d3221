using System.Globalization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Switchyard.Server.Hosting.Problems;

/// <summary>An address that would be one of the API with a number where it has a word: <c>/api/v1/rules/nightly/start</c>.</summary>
internal static class UnknownId
{
    /// <summary>The word, and the address of the list that shows the ids; null where it is no such address.</summary>
    public static (string Word, string List)? Of(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => WordIn(endpoint.RoutePattern, path)).FirstOrDefault(found => found >= 0, -1) is >= 0 and var at
            ? (path[at], "/" + string.Join('/', path[..at]))
            : null;
    }

    private static int WordIn(RoutePattern pattern, string[] path)
    {
        if (pattern.PathSegments.Count != path.Length)
        {
            return -1;
        }

        var word = -1;
        for (var i = 0; i < path.Length; i++)
        {
            switch (pattern.PathSegments[i].Parts)
            {
                case [RoutePatternLiteralPart literal] when literal.Content.Equals(path[i], StringComparison.OrdinalIgnoreCase):
                    break;
                case [RoutePatternParameterPart parameter]:
                    word = word < 0 && parameter.ParameterPolicies.Any(policy => policy.Content == "long") && !long.TryParse(path[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? i : word;
                    break;
                default:
                    return -1;
            }
        }

        return word;
    }
}
