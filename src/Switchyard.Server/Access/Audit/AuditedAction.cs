using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Switchyard.Server.Access.Audit;

/// <summary>The name of the act in the audit, where the address does not tell it; the audit keeps a GET with it, too. Null: it changes nothing.</summary>
internal sealed record AuditName(string? Action);

internal static class AuditNames
{
    public static RouteHandlerBuilder Audited(this RouteHandlerBuilder endpoint, string action) => endpoint.WithMetadata(new AuditName(action));

    /// <summary>A question that is asked with a body.</summary>
    public static RouteHandlerBuilder ChangesNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new AuditName(null));
}

/// <summary>
/// What the audit calls a request: <c>POST /api/v1/repositories/7/sync</c> is <c>repository.sync</c> of <c>repositories/7</c>, in the
/// API as in the panel, so that no endpoint has to say so and none can forget to.
/// </summary>
internal static class AuditedAction
{
    /// <summary>Null where there is nothing to be kept.</summary>
    public static string? Of(RouteEndpoint endpoint, string method)
    {
        if (endpoint.Metadata.GetMetadata<AuditName>() is { } name)
        {
            return name.Action;
        }

        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || endpoint.Metadata.GetMetadata<IAuthorizeData>() is null
            ? null
            : Name(Words(endpoint.RoutePattern), method);
    }

    /// <summary>The thing that the address names: what stands before its last parameter, and that.</summary>
    public static string? ObjectOf(RouteEndpoint endpoint, HttpContext context)
    {
        var segments = endpoint.RoutePattern.PathSegments;
        var last = -1;
        for (var i = 0; i < segments.Count; i++)
        {
            last = segments[i].Parts is [RoutePatternParameterPart] ? i : last;
        }

        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (last >= 0)
        {
            return Shorten(string.Join('/', path.Take(last + 1)));
        }

        return context.Response.StatusCode == StatusCodes.Status201Created && context.Response.Headers.Location.ToString() is { Length: > 1 } made ? Shorten(made.TrimStart('/')) : null;
    }

    private static string Shorten(string path) => path.StartsWith("api/v1/", StringComparison.Ordinal) ? path["api/v1/".Length..] : path.StartsWith("admin/", StringComparison.Ordinal) ? path["admin/".Length..] : path;

    private static List<string> Words(RoutePattern pattern) =>
        [.. pattern.PathSegments.Where(segment => segment.Parts is [RoutePatternLiteralPart]).Select(segment => ((RoutePatternLiteralPart)segment.Parts[0]).Content).Where(word => word is not ("api" or "v1" or "admin"))];

    private static string Name(List<string> words, string method)
    {
        var ends = words.Count > 0 && (words.Count == 1 || words[^1].EndsWith('s')) || HttpMethods.IsDelete(method)
            ? [.. words.Select(Singular), method.ToUpperInvariant() switch { "POST" => "create", "DELETE" => "delete", _ => "update" }]
            : words.Select(Singular);
        return string.Join('.', ends);
    }

    private static string Singular(string word) =>
        word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y"
        : word.EndsWith("ches", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1]
        : word;
}
