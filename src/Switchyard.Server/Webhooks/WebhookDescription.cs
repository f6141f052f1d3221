using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Switchyard.Server.Webhooks;

/// <summary>The request of GitHub for the OpenAPI document; the endpoints read it raw, so nothing can be told from their parameters.</summary>
internal static class WebhookDescription
{
    public static Task AddRequestAsync(OpenApiOperation operation)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(Header("X-GitHub-Event", "push"));
        operation.Parameters.Add(Header("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"));
        operation.Parameters.Add(Header("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "The payload of the event as GitHub sends it; form-encoded as payload= it is taken, too.",
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Example = new JsonObject { ["ref"] = "refs/heads/main", ["repository"] = new JsonObject { ["id"] = 1296269, ["full_name"] = "acme/models" } } },
            },
        };
        return Task.CompletedTask;
    }

    private static OpenApiParameter Header(string name, string example) =>
        new() { Name = name, In = ParameterLocation.Header, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example };
}
