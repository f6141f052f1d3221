using System.Text.Json;

namespace Switchyard.Catalog.Serialization;

/// <summary>Writes members of an object; what equals its absence is left out.</summary>
internal abstract class FieldWriter(CanonicalWriter json)
{
    protected void Words(string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.Name(name);
            json.Text(text);
        }
    }

    protected void Flag(string name, bool on)
    {
        if (on)
        {
            json.Name(name);
            json.Boolean(true);
        }
    }

    protected void Count(string name, long? number)
    {
        if (number is { } given)
        {
            json.Name(name);
            json.Number(given);
        }
    }

    protected void Value(string name, JsonElement? value)
    {
        if (value is { } given)
        {
            json.Member(name, given);
        }
    }

    protected void Values(string name, IReadOnlyList<JsonElement> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.Name(name);
        json.StartArray();
        foreach (var value in values)
        {
            json.Item();
            json.Value(value);
        }

        json.EndArray();
    }

    protected void Texts(string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.Name(name);
        json.StartArray();
        foreach (var text in texts)
        {
            json.Item();
            json.Text(text);
        }

        json.EndArray();
    }

    protected void Fields(string name, JsonFields fields)
    {
        if (fields.Count == 0)
        {
            return;
        }

        var (start, first) = json.Place();
        json.Name(name);
        json.StartObject();
        var any = false;
        foreach (var field in fields.AsSpan())
        {
            any |= json.Member(field.Key, field.Value);
        }

        json.EndObject();
        if (!any)
        {
            json.TakeBack(start, first);
        }
    }

    protected void List<T>(string name, IReadOnlyList<T> list, Action<T> write)
    {
        if (list.Count == 0)
        {
            return;
        }

        json.Name(name);
        json.StartArray();
        foreach (var item in list)
        {
            json.Item();
            json.StartObject();
            write(item);
            json.EndObject();
        }

        json.EndArray();
    }
}
