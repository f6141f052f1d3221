using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Switchyard.Server.Hosting.OpenApi;

/// <summary>
/// Makes an example of a type from the names of its members: a name means the same nearly everywhere in the API, so one table
/// (<c>examples.json</c>) serves all operations, and a member that is added has its example at once. Where a name stands for
/// several things the table has it as <c>Type.member</c>.
/// </summary>
internal sealed class Examples(JsonSerializerOptions options)
{
    private const string Moment = "2026-11-21T09:00:00+00:00";

    private static readonly JsonObject Samples = Load();

    public JsonNode? Of(Type type) => Make(options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type), null);

    /// <summary>The body of an operation that answers with a document as it is stored, or with plain text.</summary>
    public static JsonNode? OfText(string? operation) => operation is not null && Samples.TryGetPropertyValue(operation, out var text) ? text?.DeepClone() : null;

    private JsonNode? Make(JsonTypeInfo type, JsonNode? sample) => type.Kind switch
    {
        JsonTypeInfoKind.Object => new JsonObject(type.Properties.Select(member => KeyValuePair.Create(member.Name, Member(type.Type, member)))),
        JsonTypeInfoKind.Enumerable when sample is not JsonArray => new JsonArray(Make(options.GetTypeInfo(type.ElementType!), null)),
        _ => sample ?? Scalar(type.Type),
    };

    private JsonNode? Member(Type owner, JsonPropertyInfo member)
    {
        var type = options.GetTypeInfo(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType);
        if (!Samples.TryGetPropertyValue($"{owner.Name}.{member.Name}", out var sample) && !Samples.TryGetPropertyValue(member.Name, out sample))
        {
            return Make(type, null);
        }

        return sample is null ? null : Make(type, sample.DeepClone());
    }

    private static JsonNode Scalar(Type type) =>
        type == typeof(DateTimeOffset) ? Moment
        : type == typeof(bool) ? true
        : type == typeof(string) ? "text"
        : type.IsPrimitive ? 1
        : new JsonObject();

    private static JsonObject Load()
    {
        using var stream = typeof(Examples).Assembly.GetManifestResourceStream("Switchyard.Server.Hosting.OpenApi.examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
