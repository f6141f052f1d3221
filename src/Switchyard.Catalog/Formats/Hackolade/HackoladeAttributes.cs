using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>How many nodes were read, by the counting rules of the catalogue, section 6.</summary>
internal sealed class AttributeTally
{
    public int Nodes { get; set; }

    public int Attributes { get; set; }
}

/// <summary>Reads the attribute trees: <c>properties[]</c> at every level (catalogue, section 2.4).</summary>
internal sealed class HackoladeAttributes(ReadingContext context, NameTable names, FieldSink sink, HackoladeReferences references)
{
    private readonly HashSet<string> siblings = new(StringComparer.Ordinal);

    /// <summary>Reads <c>properties[]</c> of an object; an absent or misshapen one is empty.</summary>
    /// <param name="properties">The array.</param>
    /// <param name="path">The path of the parent within its entity, "" for the entity.</param>
    /// <param name="pointer">The JSON pointer of the array; null for merged trees, which stand nowhere in the file.</param>
    /// <param name="tally">Counts what is read.</param>
    public IReadOnlyList<EntityAttribute> Read(JsonElement? properties, string path, string? pointer, AttributeTally tally)
    {
        if (properties is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() == 0)
        {
            return [];
        }

        var read = new List<EntityAttribute>(Math.Min(array.GetArrayLength(), 1024));
        var index = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                if (!context.TakeAttribute())
                {
                    break;
                }

                read.Add(ReadOne(element, path, pointer is null ? null : $"{pointer}/{index}", tally));
            }

            index++;
        }

        WeakenRepeatedIds(read);
        return read;
    }

    public EntityAttribute ReadOne(JsonElement element, string parentPath, string? pointer, AttributeTally tally)
    {
        var draft = new AttributeDraft();
        var mark = sink.Mark();
        foreach (var property in element.EnumerateObject())
        {
            var name = names.NameOf(property);
            if (!draft.Take(name, property.Value))
            {
                sink.Add(name, property.Value);
            }
        }

        draft.Complete(sink);
        tally.Nodes++;
        tally.Attributes += draft.Role == AttributeRole.Field ? 1 : 0;
        if (draft.IsReference)
        {
            references.Check(element, draft.Name);
        }

        var extra = sink.Take(mark);
        var path = Join(parentPath, draft.Name, draft.Role);
        return draft.Build(path, extra, pointer, Read(draft.Properties, path, pointer is null ? null : pointer + "/properties", tally), sink);
    }

    private static string Join(string parent, string name, AttributeRole role)
    {
        var own = name.Length > 0 ? name : role == AttributeRole.Item ? "[]" : "(unnamed)";
        return NodePath.Join(parent, own);
    }

    private void WeakenRepeatedIds(List<EntityAttribute> read)
    {
        if (read.Count < 2)
        {
            return;
        }

        siblings.Clear();
        HashSet<string>? repeated = null;
        foreach (var attribute in read)
        {
            if (!siblings.Add(attribute.Id))
            {
                (repeated ??= new(StringComparer.Ordinal)).Add(attribute.Id);
            }
        }

        for (var i = 0; repeated is not null && i < read.Count; i++)
        {
            if (repeated.Contains(read[i].Id))
            {
                read[i] = read[i] with { IdKind = IdKind.Path };
            }
        }
    }
}
