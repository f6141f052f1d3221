using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats;

/// <summary>Collects facts of a model by name; what is absent or empty is left out.</summary>
internal sealed class FactList
{
    private readonly List<KeyValuePair<string, JsonElement>> facts = [];

    public FactList Add(string name, JsonElement? value)
    {
        if (value is { } given && !given.IsHollow())
        {
            facts.Add(new(name, given));
        }

        return this;
    }

    public FactList Add(string name, string? text) =>
        string.IsNullOrEmpty(text) ? this : Add(name, JsonExtensions.TextElement(text));

    public FactList Add(string name, long? number) =>
        number is { } given ? Add(name, Json(System.Text.Encoding.UTF8.GetBytes($"{given}"))) : this;

    public FactList Add(string name, bool on) => on ? Add(name, Json("true"u8.ToArray())) : this;

    public FactList Add(string name, IReadOnlyCollection<string> texts) =>
        texts.Count == 0 ? this : Add(name, Json(JsonSerializer.SerializeToUtf8Bytes(texts)));

    /// <summary>Takes all members of an object except those that have a place of their own.</summary>
    public FactList AddMembers(JsonElement element, Func<string, bool> hasPlace)
    {
        foreach (var property in element.AsMembers())
        {
            if (!hasPlace(property.Name))
            {
                Add(property.Name, property.Value);
            }
        }

        return this;
    }

    public JsonFields ToFields() => JsonFields.From(facts);

    private static JsonElement Json(byte[] text) => JsonElement.Parse(text);
}
