using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

/// <summary>The OpenAPI document: a summary and an example for each operation, and examples that fit their schemas.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_examples_of_what_is_sent_and_received()
    {
        var document = await ReadAsync();
        foreach (var (name, operation) in Operations(document))
        {
            Assert.True(operation.TryGetProperty("operationId", out _), name + " has no operationId");
            Assert.True(operation.TryGetProperty("summary", out _), name + " has no summary");
            Assert.True(operation.GetProperty("responses").EnumerateObject().Any(response => response.Name[0] == '2'), name + " has no success");
            Assert.True(Contents(operation).Any(), name + " has no example");
            Assert.All(Contents(operation), content => Assert.True(content.Media.TryGetProperty("example", out _), $"{name} has no example for {content.Place}"));
        }
    }

    [Fact]
    public async Task Every_route_is_in_the_document()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var described = Operations(document).Select(operation => operation.Name).Order(StringComparer.Ordinal);

        var routes = from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     let path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part is RoutePatternParameterPart { Name: var name } ? $"{{{name}}}" : ((RoutePatternLiteralPart)part).Content))))
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                     where !path.StartsWith("/openapi/", StringComparison.Ordinal) && (path.StartsWith("/api/", StringComparison.Ordinal) || endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
                     select $"{method.ToLowerInvariant()} {path}";
        Assert.Equal(routes.Order(StringComparer.Ordinal), described);
    }

    [Theory]
    [InlineData("post /webhooks/{provider}", "202 400 401 404 413")]
    [InlineData("post /gateway/sync", "202 400 401 413")]
    [InlineData("get /api/v1/repositories/by-name/{owner}/{name}", "200 401 404 409 422")]
    [InlineData("get /api/v1/syncs", "200 401 404 409 422")]
    [InlineData("post /api/v1/tokens", "201 400 401 403 415 422")]
    [InlineData("get /readyz", "200 503")]
    [InlineData("get /metrics", "200 401")]
    public async Task An_operation_lists_what_it_answers(string name, string expected)
    {
        var operation = Operations(await ReadAsync()).Single(one => one.Name == name).Operation;
        Assert.Equal(expected, string.Join(' ', operation.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        var document = await ReadAsync();
        var seen = 0;
        foreach (var (name, operation) in Operations(document))
        {
            foreach (var (place, media) in Contents(operation).Where(content => content.Media.TryGetProperty("schema", out _)))
            {
                seen++;
                var wrong = Mismatch(document, media.GetProperty("schema"), media.GetProperty("example"), "");
                Assert.True(wrong is null, $"{name}, {place}: {wrong}");
            }
        }

        Assert.True(seen > 60, $"Only {seen} examples were looked at.");
    }

    [Fact]
    public async Task Lists_tell_their_parameters_and_words()
    {
        var list = (await ReadAsync()).GetProperty("paths").GetProperty("/api/v1/repositories").GetProperty("get").GetProperty("parameters").EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!);

        Assert.Equal(500, list["limit"].GetProperty("schema").GetProperty("maximum").GetInt32());
        Assert.True(list.ContainsKey("cursor") && list.ContainsKey("sort"));
        Assert.Equal(["Synced", "OutOfSync", "Unknown"], list["status"].GetProperty("schema").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
    }

    private static async Task<JsonElement> ReadAsync()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        return await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    private static IEnumerable<(string Place, JsonElement Media)> Contents(JsonElement operation)
    {
        var bodies = operation.TryGetProperty("requestBody", out var body) ? [("the request", body)] : Array.Empty<(string, JsonElement)>();
        return bodies.Concat(operation.GetProperty("responses").EnumerateObject().Select(response => (response.Name, response.Value)))
            .Where(part => part.Item2.TryGetProperty("content", out _))
            .SelectMany(part => part.Item2.GetProperty("content").EnumerateObject().Select(media => ($"{part.Item1} {media.Name}", media.Value)));
    }

    /// <summary>Where the value is not what the schema says: its kind, a member that is missing or that the schema does not know.</summary>
    private static string? Mismatch(JsonElement document, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Mismatch(document, document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at);
        }

        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Any(choice => Mismatch(document, choice, value, at) is null) ? null : $"{at} fits none of its schemas";
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(Kind(value)) && !(Kind(value) == "integer" && Types(type).Contains("number")))
        {
            return $"{at} is {Kind(value)}, not {type}";
        }

        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            return value.EnumerateArray().Select((item, index) => Mismatch(document, items, item, $"{at}/{index}")).FirstOrDefault(wrong => wrong is not null);
        }

        if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        var missing = schema.TryGetProperty("required", out var required) ? required.EnumerateArray().FirstOrDefault(name => !value.TryGetProperty(name.GetString()!, out _)) : default;
        return missing.ValueKind == JsonValueKind.String
            ? $"{at} lacks {missing}"
            : value.EnumerateObject().Select(member => properties.TryGetProperty(member.Name, out var known) ? Mismatch(document, known, member.Value, $"{at}/{member.Name}") : $"{at} has {member.Name}, which the schema does not know")
                .FirstOrDefault(wrong => wrong is not null);
    }

    private static List<string?> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.GetString())] : [type.GetString()];

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
