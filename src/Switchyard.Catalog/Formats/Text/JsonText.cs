using System.Text.Json;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>A JSON document or the reason why there is none.</summary>
internal readonly record struct JsonOutcome(JsonElement Root, ModelProblem? Problem)
{
    public bool Ok => Problem is null;
}

/// <summary>Reads JSON so that nothing later can throw: the values own their memory and hold valid text only.</summary>
internal static class JsonText
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Bounds.JsonDepth };

    public static JsonOutcome Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Bounds.TextBytes)
        {
            return new(default, TooLarge(bytes.Length));
        }

        var text = TextPlace.WithoutBom(bytes);
        var invalid = TextPlace.InvalidUtf8(text.Span);
        if (invalid >= 0)
        {
            return new(default, new ModelProblem(
                ProblemCode.ParseFailed, "The file is not UTF-8.", ProblemSeverity.Error, TextPlace.LineOf(text.Span, invalid), invalid));
        }

        return ParseUtf8(text.Span);
    }

    /// <summary>Parses bytes that are known to be valid UTF-8; they are copied.</summary>
    public static JsonOutcome ParseUtf8(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\ud"u8) >= 0 || text.IndexOf("\\uD"u8) >= 0)
        {
            var copy = text.ToArray();
            ReplaceLoneSurrogates(copy);
            text = copy;
        }

        try
        {
            // Not JsonDocument.Parse: its memory comes from a pool, and the values live as long as the model does.
            return new(JsonElement.Parse(text, Options), null);
        }
        catch (JsonException error)
        {
            return new(default, Explain(text, error));
        }
    }

    public static ModelProblem TooLarge(long bytes) => new(
        ProblemCode.TooLarge,
        $"The file has {bytes} bytes; text is read up to {Bounds.TextBytes} bytes.",
        ProblemSeverity.Error);

    private static ModelProblem Explain(ReadOnlySpan<byte> text, JsonException error)
    {
        var marker = TextPlace.ConflictMarker(text);
        if (marker >= 0)
        {
            return new(
                ProblemCode.ParseFailed,
                "The file holds the conflict markers of an unfinished merge.",
                ProblemSeverity.Error,
                TextPlace.LineOf(text, marker),
                marker);
        }

        if (DeeperThanAllowed(text))
        {
            return new(ProblemCode.TooLarge, $"The JSON is nested deeper than {Bounds.JsonDepth} levels.", ProblemSeverity.Error);
        }

        var line = (int)Math.Min(int.MaxValue - 1, error.LineNumber ?? 0) + 1;
        var column = (error.BytePositionInLine ?? 0) + 1;
        return text.TrimStart(" \t\r\n"u8).IsEmpty
            ? new(ProblemCode.ParseFailed, "The file is empty.", ProblemSeverity.Error, 1)
            : new(ProblemCode.ParseFailed, $"The file is no valid JSON: line {line}, column {column}.", ProblemSeverity.Error, line);
    }

    private static bool DeeperThanAllowed(ReadOnlySpan<byte> text)
    {
        var depth = 0;
        var inText = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (inText)
            {
                i += c == '\\' ? 1 : 0;
                inText = c != '"';
                continue;
            }

            inText = c == '"';
            depth += c is (byte)'{' or (byte)'[' ? 1 : c is (byte)'}' or (byte)']' ? -1 : 0;
            if (depth > Bounds.JsonDepth)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// An escape such as \ud800 without its partner is valid JSON syntax but no text: reading it throws. It becomes \ufffd,
    /// which has the same length.
    /// </summary>
    private static void ReplaceLoneSurrogates(Span<byte> text)
    {
        var i = 0;
        while (i < text.Length)
        {
            var next = text[i..].IndexOf((byte)'\\');
            if (next < 0 || i + next + 1 >= text.Length)
            {
                return;
            }

            i += next;
            var high = SurrogateAt(text, i);
            if (high == 0)
            {
                i += 2;
            }
            else if (high < 0xDC00 && SurrogateAt(text, i + 6) >= 0xDC00)
            {
                i += 12;
            }
            else
            {
                "fffd"u8.CopyTo(text[(i + 2)..]);
                i += 6;
            }
        }
    }

    /// <summary>The surrogate written as an escape at this place, or 0.</summary>
    private static int SurrogateAt(ReadOnlySpan<byte> text, int at)
    {
        if (at + 6 > text.Length || text[at] != '\\' || text[at + 1] != 'u'
            || (text[at + 2] | 0x20) != 'd'
            || !System.Buffers.Text.Utf8Parser.TryParse(text.Slice(at + 2, 4), out int unit, out var used, 'x')
            || used != 4)
        {
            return 0;
        }

        return unit is >= 0xD800 and <= 0xDFFF ? unit : 0;
    }
}
