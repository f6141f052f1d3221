using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Hosting.OpenApi;

/// <summary>What the OpenAPI document says beyond the types: parameters of lists and their words, examples, and problems.</summary>
internal static class OpenApiSetup
{
    private const string Json = "application/json";

    /// <summary>A problem as it is sent; written by <see cref="Problem"/>.</summary>
    public sealed record ProblemBody(
        string Type, string Title, int Status, string Detail, string Code, IReadOnlyList<ProblemError>? Errors, IReadOnlyList<NextStep>? Next,
        IReadOnlyList<ProblemCandidate>? Candidates, string? TraceId);

    public static void Describe(this OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Switchyard";
            document.Info.Version = "v1";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    }

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        AddQuery(operation, metadata.OfType<QueryRule>());
        AddExamples(operation, context, new Examples(context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions));
        context.Document!.AddComponent("Problem", await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellation));
        AddProblems(operation, context, metadata);
    }

    private static void AddQuery(OpenApiOperation operation, IEnumerable<QueryRule> rules)
    {
        operation.Parameters ??= [];
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case ListOrder order:
                    operation.Parameters.Add(Query(
                        "limit", "Rows of the page", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{PageRequest.MaxLimit}", Default = PageRequest.DefaultLimit }));
                    operation.Parameters.Add(Query("cursor", "nextCursor of the page before, with the same parameters", new OpenApiSchema { Type = JsonSchemaType.String }));
                    operation.Parameters.Add(Query("sort", "The order of the list", Words([order.Sort])));
                    break;
                case QueryWords words when Find(operation, words.Name) is { } parameter:
                    parameter.Schema = Words(words.Allowed);
                    break;
                case QueryProvider when Find(operation, "provider") is { } parameter:
                    parameter.Description = "A provider by its slug or id";
                    break;
                default:
                    break;
            }
        }
    }

    private static void AddExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context, Examples examples)
    {
        var body = context.Description.ParameterDescriptions.FirstOrDefault(parameter => parameter.Source == BindingSource.Body)?.Type;
        if (body is not null && operation.RequestBody?.Content?.TryGetValue(Json, out var sent) == true)
        {
            sent.Example = examples.Of(body);
        }

        foreach (var response in context.Description.SupportedResponseTypes)
        {
            if (operation.Responses?.GetValueOrDefault($"{response.StatusCode}") is not OpenApiResponse described)
            {
                continue;
            }

            if (described.Content?.TryGetValue(Json, out var received) == true && response.Type is not null)
            {
                received.Example = examples.Of(response.Type);
            }

            if (response.StatusCode == StatusCodes.Status200OK && Examples.OfText(operation.OperationId) is { } text)
            {
                described.Content ??= new Dictionary<string, OpenApiMediaType>();
                described.Content[text is JsonValue ? "text/plain" : Json] = new() { Example = text };
            }
        }
    }

    private static void AddProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        foreach (var refusal in metadata.OfType<Refusal>())
        {
            Add(operation, context, refusal.Status, refusal.Code, refusal.Detail);
        }

        if (!metadata.OfType<IAuthorizeData>().Any())
        {
            return;
        }

        Add(operation, context, StatusCodes.Status401Unauthorized, "Unauthenticated", "This needs an API token: none was sent, or it is unknown, expired or revoked.");
        if (metadata.OfType<IAuthorizeData>().LastOrDefault(rule => rule.Policy is not null)?.Policy is { } role && role != "Viewer")
        {
            Add(operation, context, StatusCodes.Status403Forbidden, "Forbidden", $"This needs the role {role.ToLowerInvariant()}; the token \"reader\" has the role viewer.");
        }

        if (context.Description.RelativePath!.Contains('{', StringComparison.Ordinal))
        {
            Add(operation, context, StatusCodes.Status404NotFound, "NotFound", "There is no such thing here.");
        }

        if (operation.RequestBody is not null)
        {
            Add(operation, context, StatusCodes.Status400BadRequest, "BadBody", "The body is no valid JSON: it breaks off or goes wrong at line 1, position 12. Check quotes, commas and brackets there.");
            Add(operation, context, StatusCodes.Status415UnsupportedMediaType, "UnsupportedMediaType", "The body is \"text/plain\"; operations take JSON. Send it with \"Content-Type: application/json\".");
            const string Why = "A name of 1 to 100 characters is needed, so that you know later what it is for.";
            Add(operation, context, StatusCodes.Status422UnprocessableEntity, "Invalid", Why, new JsonObject { ["pointer"] = "/name", ["code"] = "Invalid", ["message"] = Why });
        }
        else if (metadata.OfType<QueryRule>().Any())
        {
            const string Why = "limit is \"0\"; it must be a number from 1 to 500.";
            Add(
                operation,
                context,
                StatusCodes.Status422UnprocessableEntity,
                Problem.InvalidParameter,
                Why,
                new JsonObject { ["parameter"] = "limit", ["code"] = Problem.InvalidParameter, ["message"] = Why });
        }
    }

    private static void Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, int status, string code, string detail, JsonNode? error = null)
    {
        var example = new JsonObject
        {
            ["type"] = "urn:switchyard:problem:" + code,
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
            ["code"] = code,
            ["errors"] = error is null ? null : new JsonArray(error),
            ["next"] = null,
            ["candidates"] = code == Problem.AmbiguousName ? new JsonArray(Candidate("7", "github"), Candidate("12", "ghe")) : null,
            ["traceId"] = "00-6bdb2df39cc2270e80b03bb2bb172c86-56cd38edc09483fc-00",
        };
        operation.Responses ??= [];
        operation.Responses.TryAdd($"{status}", new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document), Example = example },
            },
        });
    }

    private static JsonObject Candidate(string id, string provider) =>
        new() { ["id"] = id, ["provider"] = provider, ["fullName"] = "acme/models", ["href"] = "/api/v1/repositories/" + id };

    private static OpenApiParameter? Find(OpenApiOperation operation, string name) => operation.Parameters!.OfType<OpenApiParameter>().FirstOrDefault(parameter => parameter.Name == name);

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiSchema Words(IReadOnlyList<string> words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };
}
