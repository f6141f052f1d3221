using System.Buffers;
using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>
/// Applies <c>referenceDiff</c> to the embedded copy of a referenced entity: listed keys override, <c>referenceDiffDeleted</c>
/// removes a node, an unknown GUID is an added attribute (catalogue, section 2.5).
/// </summary>
internal sealed class ReferenceMerge(ReadingContext context)
{
    /// <summary>Many entities may refer to one large copy: what is written for all of them together is bounded.</summary>
    private long budget = Bounds.TextBytes;

    public JsonElement Apply(JsonElement snapshot, JsonElement diff)
    {
        if (diff.ValueKind != JsonValueKind.Object || diff.IsHollow())
        {
            return snapshot;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            WriteMerged(writer, snapshot, diff);
        }

        budget -= buffer.WrittenCount;
        var merged = JsonText.ParseUtf8(buffer.WrittenSpan);
        return merged.Ok ? merged.Root : snapshot;
    }

    private void WriteMerged(Utf8JsonWriter writer, JsonElement node, JsonElement diff)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        writer.WriteStartObject();
        foreach (var property in node.EnumerateObject())
        {
            if (property.Name != "properties" && diff.Get(property.Name) is null)
            {
                Write(writer, property);
            }
        }

        foreach (var property in diff.EnumerateObject())
        {
            if (property.Name is not ("properties" or "referenceDiffDeleted"))
            {
                Write(writer, property);
            }
        }

        WriteChildren(writer, node, diff);
        writer.WriteEndObject();
    }

    private void WriteChildren(Utf8JsonWriter writer, JsonElement node, JsonElement diff)
    {
        var changes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var change in diff.Items("properties"))
        {
            changes.TryAdd(change.Words("GUID") ?? "", change);
        }

        writer.WriteStartArray("properties");
        var met = new HashSet<string>(StringComparer.Ordinal);
        foreach (var child in node.Items("properties"))
        {
            var id = child.Words("GUID");
            if (id is null || !changes.TryGetValue(id, out var change) || child.ValueKind != JsonValueKind.Object)
            {
                Copy(writer, child);
                continue;
            }

            met.Add(id);
            if (!change.IsTrue("referenceDiffDeleted"))
            {
                WriteMerged(writer, child, change);
            }
        }

        foreach (var added in diff.Items("properties"))
        {
            if (!met.Contains(added.Words("GUID") ?? "") && !added.IsTrue("referenceDiffDeleted"))
            {
                Copy(writer, added);
            }
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, JsonProperty property)
    {
        writer.WritePropertyName(property.Name);
        Copy(writer, property.Value);
    }

    private void Copy(Utf8JsonWriter writer, JsonElement value)
    {
        if (writer.BytesCommitted + writer.BytesPending < budget)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteNullValue();
        if (!context.Incomplete)
        {
            context.Cut(ProblemCode.TooLarge, "The references of this model, resolved, are larger than is read.");
        }
    }
}
