using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Switchyard.GitHub.Webhooks;

/// <summary>A look at a JSON value that never throws: what is absent or of another kind is null.</summary>
internal readonly struct Facts(JsonElement element)
{
    // A document takes time by the square of its depth. GitHub's own reader ends at 100 levels.
    private const int Deepest = 1000;

    /// <summary>Reads a payload; null when it is no JSON object, or nested deeper than any of GitHub's.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> json, Func<Facts, T> read)
        where T : RepositoryEvent
    {
        try
        {
            var body = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Deepest });
            return document.RootElement.ValueKind == JsonValueKind.Object ? RepositoryEvent.With(new Facts(document.RootElement), read) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public Facts Of(string name)
    {
        try
        {
            return IsObject && element.TryGetProperty(name, out var value) ? new Facts(value) : default;
        }
        catch (InvalidOperationException)
        {
            // A name beside it is half a surrogate pair. As above, the last of equal names counts.
            return Members().LastOrDefault(member => member.Name == name).Value;
        }
    }

    public string? Text(string name) => Of(name).AsText();

    public bool Flag(string name) => Of(name).Kind == JsonValueKind.True;

    /// <summary>An integer, also as a string.</summary>
    public long? Number(string name) => Of(name).AsNumber();

    /// <summary>A moment: ISO 8601, or seconds since 1970.</summary>
    public DateTimeOffset? Time(string name)
    {
        var value = Of(name);
        if (value.AsNumber() is { } seconds)
        {
            return seconds is >= 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(value.AsText(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    public IReadOnlyList<T> List<T>(string name, Func<Facts, T?> read)
        where T : class =>
        Of(name).Kind != JsonValueKind.Array ? [] : [.. Of(name).Items().Select(read).OfType<T>()];

    public IReadOnlyList<string> Texts(string name) => List(name, item => item.AsText());

    /// <summary>The JSON as it was sent; empty when there is none.</summary>
    public byte[] Bytes() => Kind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(element).ToArray();

    public IEnumerable<(string Name, Facts Value)> Members() => IsObject ? element.EnumerateObject().Select(member => (NameOf(member), new Facts(member.Value))).Where(member => member.Item1.Length > 0) : [];

    /// <summary>A string, or a number or truth value as it was written.</summary>
    public string? AsWritten() => Kind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? element.GetRawText() : AsText();

    public string? AsText()
    {
        try
        {
            // PostgreSQL has no text with a NUL in it, and no name on GitHub has one.
            return Kind == JsonValueKind.String && element.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: a text that cannot be, so it is absent.
            return null;
        }
    }

    private JsonValueKind Kind => element.ValueKind;

    private IEnumerable<Facts> Items() => element.EnumerateArray().Select(item => new Facts(item));

    private long? AsNumber() => Kind switch
    {
        JsonValueKind.Number => element.TryGetInt64(out var value) ? value : null,
        JsonValueKind.String => long.TryParse(AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null,
        _ => null,
    };

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
