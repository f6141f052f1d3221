using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Paths on the author's computer, <c>C:\Users\..</c>, are nobody's business: they are replaced wherever they are kept.</summary>
internal static class LocalPaths
{
    private static readonly JsonElement Outside = JsonExtensions.TextElement(Link.OutsideTheRepository);

    public static JsonElement Without(JsonElement value)
    {
        // In JSON a backslash is written twice.
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length < 6 || raw.IndexOf(":\\\\"u8) < 0)
        {
            return value;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return IsLocal(value) ? Outside : value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            Copy(value, writer);
        }

        return JsonText.ParseUtf8(buffer.WrittenSpan) is { Ok: true } read ? read.Root : Outside;
    }

    private static bool IsLocal(JsonElement text) => text.GetString() is [var drive, ':', '\\', ..] && char.IsAsciiLetter(drive);

    private static void Copy(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Copy(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when IsLocal(value):
                Outside.WriteTo(writer);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
