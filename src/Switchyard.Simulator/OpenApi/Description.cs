using System.Text.Json;

namespace Switchyard.Simulator.OpenApi;

/// <summary>GitHub's OpenAPI file: parsed once, each operation compiled when it is first called.</summary>
internal sealed class Description
{
    private readonly Lock gate = new();
    private readonly SchemaCompiler compiler;
    private readonly JsonElement paths;
    private readonly Dictionary<string, Operation?> compiled = new(StringComparer.Ordinal);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public Description(string file)
    {
        using var stream = File.OpenRead(file);
        // Kept as long as the simulator lives: elements point into it.
        var root = JsonDocument.Parse(stream).RootElement;
        paths = root.GetProperty("paths");
        compiler = new SchemaCompiler(root);
        Error = compiler.Compile(JsonDocument.Parse("""{"$ref": "#/components/schemas/basic-error"}""").RootElement);
    }

    /// <summary>The shape of errors that an operation does not list.</summary>
    public Schema Error { get; }

    /// <summary>By the template with GitHub's parameter names; null when the file does not have it.</summary>
    public Operation? Find(string method, string template)
    {
        var name = $"{method} {template}";
        lock (gate)
        {
            if (!compiled.TryGetValue(name, out var operation))
            {
                operation = paths.TryGetProperty(template, out var path) && path.TryGetProperty(method.ToLowerInvariant(), out var element)
                    ? new Operation(name, element, compiler)
                    : null;
                compiled[name] = operation;
            }

            return operation;
        }
    }
}
