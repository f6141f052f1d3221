using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Switchyard.Catalog;

namespace Switchyard.Server.Models.Diffs;

/// <summary>A file as text to show and compare. <c>NotShown</c> says why it is none; <c>Formatted</c>, that it was JSON in one line.</summary>
public sealed record SourceText(string Name, long Size, string Text, bool Formatted, string? NotShown)
{
    private const int LongLine = 400;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", MaxDepth = 256, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines without their ends.</summary>
    public string[] Lines => Text.Length == 0 ? [] : (Text.EndsWith('\n') ? Text[..^1] : Text).Split('\n');

    /// <param name="name">As it is shown.</param>
    /// <param name="file">The file.</param>
    /// <param name="most">Bytes beyond which no text is made of it.</param>
    public static SourceText Of(string name, ModelFile file, int most)
    {
        if (file.Bytes.Length != file.Size)
        {
            return new(name, file.Bytes.Length, "", false, "It is not kept here: it is too large, or in Git LFS.");
        }

        if (file.Size > most)
        {
            return new(name, file.Size, "", false, $"It has {Panel.Words.Bytes(file.Size)}, which is more than is shown here ({Panel.Words.Bytes(most)}). Download it instead.");
        }

        var bytes = file.Bytes.Span;
        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (bytes.IndexOf((byte)0) >= 0)
        {
            return Binary(name, file);
        }

        try
        {
            return new(name, file.Size, Strict.GetString(bytes), false, null);
        }
        catch (DecoderFallbackException)
        {
            return Binary(name, file);
        }
    }

    /// <summary>JSON without line ends, which nobody can read or compare by lines.</summary>
    public bool IsOneLineJson => NotShown is null && Text.Length > LongLine && Text.TrimEnd() is ['{' or '[', ..] text && !text.Contains('\n', StringComparison.Ordinal);

    /// <summary>JSON laid out over lines; the text as it is where it is none.</summary>
    public SourceText Format()
    {
        if (NotShown is not null || Text.TrimStart() is not ['{' or '[', ..])
        {
            return this;
        }

        try
        {
            using var output = new MemoryStream();
            using (var writer = new Utf8JsonWriter(output, Indented))
            {
                var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Text), Lenient);
                using var document = JsonDocument.ParseValue(ref reader);
                document.WriteTo(writer);
            }

            return this with { Text = Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length) + "\n", Formatted = true };
        }
        catch (JsonException)
        {
            return this;
        }
    }

    private static SourceText Binary(string name, ModelFile file) => new(name, file.Size, "", false, $"It is no text ({Panel.Words.Bytes(file.Size)}). Download it instead.");
}
