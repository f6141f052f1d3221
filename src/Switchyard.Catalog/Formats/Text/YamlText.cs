using System.Buffers;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Switchyard.Catalog.Formats.Text;

/// <summary>
/// Reads the first document of YAML as JSON, so that every reader knows one form. Event by event, without recursion; aliases are
/// copied within bounds (catalogue, section 1.1). Plain words become null, truth values and numbers by the core schema of YAML 1.2.
/// </summary>
internal sealed class YamlText : IDisposable
{
    /// <summary>An alias may stand for a large text: what is written in all is bounded too.</summary>
    private const int MaxOutput = 2 * Bounds.TextBytes;

    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;
    private readonly Stack<Frame> frames = new();
    private readonly Dictionary<string, Anchored> anchors = new(StringComparer.Ordinal);
    private readonly ReadingContext context;
    private int nodes;
    private int aliases;

    private YamlText(ReadingContext context)
    {
        this.context = context;
        json = new(buffer, new JsonWriterOptions { SkipValidation = true });
    }

    public static JsonOutcome Parse(ReadOnlyMemory<byte> bytes, ReadingContext context)
    {
        var text = TextPlace.WithoutBom(bytes).Span;
        if (text.Length > Bounds.TextBytes)
        {
            return new(default, JsonText.TooLarge(text.Length));
        }

        var marker = TextPlace.ConflictMarker(text);
        if (marker >= 0)
        {
            return Failed("The file holds the conflict markers of an unfinished merge.", TextPlace.LineOf(text, marker), marker);
        }

        var invalid = TextPlace.InvalidUtf8(text);
        if (invalid >= 0)
        {
            return Failed("The file is not UTF-8.", TextPlace.LineOf(text, invalid), invalid);
        }

        using var reader = new YamlText(context);
        try
        {
            return reader.Read(new Parser(new StringReader(Encoding.UTF8.GetString(text))));
        }
        catch (YamlException error)
        {
            return Failed($"The file is no valid YAML: {FirstSentence(error.Message)}", (int)Math.Clamp(error.Start.Line, 1, int.MaxValue), null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The scanner is not total: broken input may end in exceptions of any kind.
            return Failed("The file is no valid YAML.", null, null);
        }
    }

    public void Dispose() => json.Dispose();

    private static JsonOutcome Failed(string message, int? line, long? offset) =>
        new(default, new(ProblemCode.ParseFailed, message, ProblemSeverity.Error, line, offset));

    private static string FirstSentence(string message) => message.Length > 200 ? message[..200] : message;

    private static ModelProblem TooLarge(string message) => new(ProblemCode.TooLarge, message, ProblemSeverity.Error);

    private JsonOutcome Read(Parser parser)
    {
        while (parser.MoveNext())
        {
            var step = parser.Current;
            if (step is DocumentEnd)
            {
                break;
            }

            if ((++nodes & 0xFFF) == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
            }

            if (Take(step!) is { } problem)
            {
                return new(default, problem);
            }

            if (nodes > Bounds.YamlNodes)
            {
                return new(default, TooLarge($"The YAML has more than {Bounds.YamlNodes} nodes."));
            }

            if (buffer.WrittenCount + json.BytesPending > MaxOutput)
            {
                return new(default, TooLarge("The YAML, with its aliases resolved, is too large."));
            }
        }

        json.Flush();
        return buffer.WrittenCount == 0
            ? Failed("The file is empty.", 1, 0)
            : JsonText.ParseUtf8(buffer.WrittenSpan);
    }

    private ModelProblem? Take(ParsingEvent step)
    {
        switch (step)
        {
            case MappingStart mapping:
                return Start(mapping.Anchor, isMapping: true);
            case SequenceStart sequence:
                return Start(sequence.Anchor, isMapping: false);
            case MappingEnd or SequenceEnd:
                End();
                return null;
            case Scalar scalar:
                TakeScalar(scalar);
                return null;
            case AnchorAlias alias:
                return TakeAlias(alias.Value);
            default:
                return null;
        }
    }

    private ModelProblem? Start(AnchorName anchor, bool isMapping)
    {
        if (ExpectsName())
        {
            return new(ProblemCode.ParseFailed, "The YAML uses a list or mapping as a key.", ProblemSeverity.Error);
        }

        if (frames.Count >= Bounds.JsonDepth - 1)
        {
            return TooLarge($"The YAML is nested deeper than {Bounds.JsonDepth} levels.");
        }

        frames.Push(new Frame { IsMapping = isMapping, ExpectsName = isMapping, Anchor = anchor.IsEmpty ? null : anchor.Value, Start = Place(anchor), Nodes = nodes });
        if (isMapping)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartArray();
        }

        return null;
    }

    private void End()
    {
        if (!frames.TryPop(out var frame))
        {
            return;
        }

        if (frame.IsMapping)
        {
            json.WriteEndObject();
        }
        else
        {
            json.WriteEndArray();
        }

        Remember(frame.Anchor, frame.Start, frame.Nodes);
        ValueWritten();
    }

    private void TakeScalar(Scalar scalar)
    {
        if (ExpectsName())
        {
            json.WritePropertyName(scalar.Value);
            frames.Peek().ExpectsName = false;
            return;
        }

        var (start, before) = (Place(scalar.Anchor), nodes);
        if (scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty)
        {
            YamlScalar.WritePlain(json, scalar.Value);
        }
        else
        {
            json.WriteStringValue(scalar.Value);
        }

        Remember(scalar.Anchor.IsEmpty ? null : scalar.Anchor.Value, start, before);
        ValueWritten();
    }

    private ModelProblem? TakeAlias(AnchorName name)
    {
        if (++aliases > Bounds.YamlAliases)
        {
            return TooLarge($"The YAML uses more than {Bounds.YamlAliases} aliases.");
        }

        if (!anchors.TryGetValue(name.Value, out var target))
        {
            return new(ProblemCode.ParseFailed, $"The alias *{name.Value} stands for nothing, or for a value that contains it.", ProblemSeverity.Error);
        }

        if (ExpectsName())
        {
            return new(ProblemCode.ParseFailed, "The YAML uses an alias as a key.", ProblemSeverity.Error);
        }

        nodes += target.Nodes;
        if (nodes > Bounds.YamlNodes || buffer.WrittenCount + (long)json.BytesPending + target.Length > MaxOutput)
        {
            return TooLarge($"The YAML, with its aliases resolved, has more than {Bounds.YamlNodes} nodes or is too large.");
        }

        json.WriteRawValue(buffer.WrittenSpan.Slice(target.Start, target.Length).ToArray(), skipInputValidation: true);
        ValueWritten();
        return null;
    }

    /// <summary>Keeps where an anchored value was written, without the comma that may precede it.</summary>
    private void Remember(string? anchor, int start, int nodesBefore)
    {
        if (anchor is null)
        {
            return;
        }

        json.Flush();
        start += buffer.WrittenSpan[start] == ',' ? 1 : 0;
        anchors[anchor] = new(start, buffer.WrittenCount - start, nodes - nodesBefore + 1);
    }

    private int Place(AnchorName anchor)
    {
        if (anchor.IsEmpty)
        {
            return 0;
        }

        json.Flush();
        return buffer.WrittenCount;
    }

    private bool ExpectsName() => frames.TryPeek(out var frame) && frame.ExpectsName;

    private void ValueWritten()
    {
        if (frames.TryPeek(out var frame))
        {
            frame.ExpectsName = frame.IsMapping;
        }
    }

    private sealed class Frame
    {
        public required bool IsMapping { get; init; }

        public bool ExpectsName { get; set; }

        public string? Anchor { get; init; }

        public int Start { get; init; }

        public int Nodes { get; init; }
    }

    private readonly record struct Anchored(int Start, int Length, int Nodes);
}
