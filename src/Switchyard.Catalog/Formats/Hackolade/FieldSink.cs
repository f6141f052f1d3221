using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>
/// Collects the keys of an object that have no place of their own, without noise and empty values. One list serves the whole
/// file: a frame is taken from its end, because objects are read inside objects.
/// </summary>
internal sealed class FieldSink
{
    private readonly List<KeyValuePair<string, JsonElement>> found = [];
    private readonly List<KeyValuePair<string, JsonElement>> frame = [];

    public int Mark() => found.Count;

    public void Add(string name, JsonElement value)
    {
        if (!HackoladeNoise.Keys.Contains(name) && !IsDefault(name, value))
        {
            found.Add(new(name, LocalPaths.Without(value)));
        }
    }

    public void AddShown(string name, JsonElement value)
    {
        if (!IsDefault(name, value))
        {
            found.Add(new(name, value));
        }
    }

    /// <summary>The fields added since <paramref name="mark"/>, which are taken off.</summary>
    public JsonFields Take(int mark)
    {
        if (found.Count == mark)
        {
            return JsonFields.Empty;
        }

        frame.Clear();
        for (var i = mark; i < found.Count; i++)
        {
            frame.Add(found[i]);
        }

        found.RemoveRange(mark, found.Count - mark);
        return JsonFields.From(frame);
    }

    private static bool IsDefault(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => !HackoladeNoise.FalseCounts.Contains(name),
        JsonValueKind.True => name == "isActivated",
        _ => value.IsHollow(),
    };
}
