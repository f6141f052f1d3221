using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Switchyard.Catalog;

/// <summary>JSON values by name, in ordinal order of the names, so that the same content always reads the same.</summary>
public sealed class JsonFields : IReadOnlyDictionary<string, JsonElement>
{
    private const int SortByInsertion = 64;

    private readonly KeyValuePair<string, JsonElement>[] fields;

    private JsonFields(KeyValuePair<string, JsonElement>[] fields) => this.fields = fields;

    public static JsonFields Empty { get; } = new([]);

    public int Count => fields.Length;

    public IEnumerable<string> Keys => fields.Select(each => each.Key);

    public IEnumerable<JsonElement> Values => fields.Select(each => each.Value);

    /// <exception cref="KeyNotFoundException">There is no such name.</exception>
    public JsonElement this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out JsonElement value)
    {
        var low = 0;
        var high = fields.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(fields[middle].Key, key);
            if (order == 0)
            {
                value = fields[middle].Value;
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        value = default;
        return false;
    }

    /// <summary>The text of a field; null when it is absent or no text.</summary>
    public string? Text(string key) =>
        TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public IEnumerator<KeyValuePair<string, JsonElement>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, JsonElement>>)fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ReadOnlySpan<KeyValuePair<string, JsonElement>> AsSpan() => fields;

    /// <summary>Takes the fields of <paramref name="found"/>; of a name met twice the last one counts, as in JSON.</summary>
    internal static JsonFields From(List<KeyValuePair<string, JsonElement>> found)
    {
        if (found.Count == 0)
        {
            return Empty;
        }

        if (found.Count > SortByInsertion)
        {
            return new JsonFields(SortedByLinq(found));
        }

        var sorted = new KeyValuePair<string, JsonElement>[found.Count];
        var kept = 0;
        foreach (var field in found)
        {
            kept = Insert(sorted, kept, field);
        }

        return new JsonFields(kept == sorted.Length ? sorted : sorted[..kept]);
    }

    /// <summary>Insertion moves elements: for the large objects of hostile files it would be quadratic.</summary>
    private static KeyValuePair<string, JsonElement>[] SortedByLinq(List<KeyValuePair<string, JsonElement>> found)
    {
        var last = new Dictionary<string, JsonElement>(found.Count, StringComparer.Ordinal);
        foreach (var field in found)
        {
            last[field.Key] = field.Value;
        }

        return [.. last.OrderBy(field => field.Key, StringComparer.Ordinal)];
    }

    private static int Insert(KeyValuePair<string, JsonElement>[] sorted, int count, KeyValuePair<string, JsonElement> field)
    {
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(sorted[middle].Key, field.Key);
            if (order == 0)
            {
                sorted[middle] = field;
                return count;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        Array.Copy(sorted, low, sorted, low + 1, count - low);
        sorted[low] = field;
        return count + 1;
    }
}
