using System.Runtime.InteropServices;
using System.Text.Json;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>Reads of JSON that take any shape and never throw.</summary>
internal static class JsonExtensions
{
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    public static string? Text(this JsonElement element, string name) => element.Get(name)?.AsText();

    /// <summary>A text that says something: null for the empty one.</summary>
    public static string? Words(this JsonElement element, string name) =>
        element.Text(name) is { Length: > 0 } text ? text : null;

    public static string? AsText(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>A text, or a number or truth value as written: YAML writers leave out the quotes.</summary>
    public static string? AsScalar(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => null,
    };

    public static string? Scalar(this JsonElement element, string name) => element.Get(name)?.AsScalar();

    public static bool IsTrue(this JsonElement element, string name) => element.Get(name)?.ValueKind == JsonValueKind.True;

    public static bool Has(this JsonElement element, string name, JsonValueKind kind) => element.Get(name)?.ValueKind == kind;

    /// <summary>The elements of an array; none when it is absent or something else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name)?.AsItems() ?? [];

    public static IEnumerable<JsonElement> AsItems(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        element.Get(name)?.AsMembers() ?? [];

    public static IEnumerable<JsonProperty> AsMembers(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    public static string[] Texts(this JsonElement element, string name) =>
        [.. element.Items(name).Take(Bounds.Texts).Select(item => item.AsScalar()).OfType<string>()];

    /// <summary>"", [], {}, null: what a writer may as well leave out.</summary>
    public static bool IsHollow(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(element).Length == 2,
        JsonValueKind.Array => element.GetArrayLength() == 0,
        JsonValueKind.Object => element.GetPropertyCount() == 0,
        _ => false,
    };

    public static JsonElement TextElement(string text) => JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(text));
}
