using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Switchyard.Server.Hosting.Problems;

/// <summary>A request whose body cannot be read, in words about JSON and the operation instead of those of the framework.</summary>
internal static partial class BodyProblem
{
    private const string Code = "BadBody";
    private static readonly NextStep Look = new("What this operation takes", Href: "/openapi/v1.json");

    public static Task WriteAsync(HttpContext context, BadHttpRequestException bad)
    {
        // The handler of exceptions has taken the endpoint off the request.
        var accepts = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>();
        return bad.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Problem.Write(context, bad.StatusCode, "TooLarge", "The body is larger than this operation takes.", Look),
            _ when bad.InnerException is JsonException json => Problem.Write(context, bad.StatusCode, Code, Explain(context, accepts?.RequestType, json, out var error), error, Look),
            _ when accepts is not null => Problem.Write(
                context, bad.StatusCode, Code, $"This operation needs a JSON object as body{Members(context, accepts.RequestType)}; none was sent.", ProblemError.OfMember("", Code, "An object is expected."), Look),
            _ => Problem.Write(context, bad.StatusCode, "BadRequest", "The request is not one that this operation takes: a part of its path, query or headers has another form.", Look),
        };
    }

    /// <summary>The body is of a type that no operation takes; routing says so before there is one.</summary>
    public static Task WriteTypeAsync(HttpContext context) => Problem.Write(
        context,
        StatusCodes.Status415UnsupportedMediaType,
        "UnsupportedMediaType",
        $"The body is {Type(context)}; operations take JSON. Send it with \"Content-Type: application/json\".",
        Look);

    private static string Explain(HttpContext context, Type? body, JsonException json, out ProblemError error)
    {
        var place = $"line {(json.LineNumber ?? 0) + 1}, position {(json.BytePositionInLine ?? 0) + 1}";
        var pointer = Pointer(json.Path);

        // The reader of the text fails with an exception of its own, a value of another kind does not.
        if (json.InnerException is JsonException || body is null)
        {
            var broken = $"The body is no valid JSON: it breaks off or goes wrong at {place}.";
            error = ProblemError.OfMember(pointer, Code, broken);
            return broken + " Check quotes, commas and brackets there.";
        }

        if (UnknownMember(context, body, pointer) is { } unknown)
        {
            error = ProblemError.OfMember(pointer, Code, unknown);
            return unknown;
        }

        var expected = ExpectedAt(context, body, pointer);
        error = ProblemError.OfMember(pointer, Code, $"{expected} is expected, at {place}.");
        return $"{(pointer.Length == 0 ? "The body" : $"The member {pointer}")} has a value of another kind than it takes: {expected} is expected, at {place}.";
    }

    private static string? UnknownMember(HttpContext context, Type body, string pointer)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        foreach (var name in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var info = options.GetTypeInfo(body);
            if (info.Kind != System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object)
            {
                return null;
            }

            if (info.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                var names = info.Properties.Select(property => property.Name).ToList();
                return $"There is no member {name}.{(Nearest.Of(name, names) is { } near ? $" Did you mean {near}?" : "")} This operation takes {string.Join(", ", names)}.";
            }

            body = known.PropertyType;
        }

        return null;
    }

    private static string ExpectedAt(HttpContext context, Type body, string pointer)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        foreach (var name in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            body = options.GetTypeInfo(body).Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType ?? body;
        }

        body = Nullable.GetUnderlyingType(body) ?? body;
        return body == typeof(string) ? "a text in quotes"
            : body == typeof(bool) ? "true or false"
            : body.IsPrimitive ? "a whole number without quotes"
            : body.IsArray ? "an array"
            : "an object";
    }

    private static string Members(HttpContext context, Type? body)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var names = body is null ? [] : options.GetTypeInfo(body).Properties.Select(property => property.Name).ToList();
        return names.Count == 0 ? "" : $" with {string.Join(", ", names)} (those of them that are needed)";
    }

    private static string Type(HttpContext context) => context.Request.ContentType is { Length: > 0 } type ? $"\"{type}\"" : "of no named type";

    /// <summary><c>$.a.b[0]</c> as <c>/a/b/0</c> (RFC 6901).</summary>
    private static string Pointer(string? path) => string.Concat(Step().Matches(path ?? "").Select(match =>
        "/" + (match.Groups["name"].Value + match.Groups["quoted"].Value + match.Groups["index"].Value).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\['(?<quoted>[^']*)'\]|\[(?<index>\d+)\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Step();
}
