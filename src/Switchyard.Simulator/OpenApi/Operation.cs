using System.Text.Json;

namespace Switchyard.Simulator.OpenApi;

internal sealed record Parameter(string Name, string In, bool Required, Schema Schema);

/// <summary>One operation of the description, compiled when it is first called.</summary>
internal sealed class Operation
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, Schema>> responses = new(StringComparer.Ordinal);

    public Operation(string name, JsonElement element, SchemaCompiler compiler)
    {
        Name = name;
        Parameters =
        [
            .. (element.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [])
                .Select(compiler.Resolve)
                .Select(parameter => new Parameter(
                    parameter.GetProperty("name").GetString()!,
                    parameter.GetProperty("in").GetString()!,
                    parameter.TryGetProperty("required", out var required) && required.GetBoolean(),
                    compiler.Compile(parameter.GetProperty("schema")))),
        ];
        if (element.TryGetProperty("requestBody", out var body))
        {
            body = compiler.Resolve(body);
            BodyRequired = body.TryGetProperty("required", out var required) && required.GetBoolean();
            Body = Contents(body, compiler).GetValueOrDefault("application/json");
        }

        foreach (var response in element.GetProperty("responses").EnumerateObject())
        {
            responses[response.Name] = Contents(compiler.Resolve(response.Value), compiler);
        }
    }

    public string Name { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public Schema? Body { get; }

    public bool BodyRequired { get; }

    /// <summary>Schemas by media type; null when the description has no such status.</summary>
    public IReadOnlyDictionary<string, Schema>? Response(int status) => responses.GetValueOrDefault(status.ToString());

    private static Dictionary<string, Schema> Contents(JsonElement element, SchemaCompiler compiler) =>
        element.TryGetProperty("content", out var content)
            ? content.EnumerateObject().Where(media => media.Value.TryGetProperty("schema", out _)).ToDictionary(media => media.Name, media => compiler.Compile(media.Value.GetProperty("schema")), StringComparer.Ordinal)
            : [];
}
