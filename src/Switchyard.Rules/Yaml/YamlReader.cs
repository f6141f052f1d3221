using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Switchyard.Rules.Yaml;

/// <summary>
/// Reads one YAML document as nodes with places, event by event, without recursion. Aliases share the node they name, and what
/// they stand for is counted as if it were copied, so that no file becomes large by reading it.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxDepth = 50;
    public const int MaxNodes = 100_000;

    /// <summary>A long text counts as one node for each so many characters: aliases multiply texts, too.</summary>
    private const int CharactersPerNode = 64;

    private readonly Stack<Frame> frames = new();
    private readonly Dictionary<string, (YamlNode Node, int Size)> anchors = new(StringComparer.Ordinal);
    private readonly List<RuleProblem> problems = [];
    private YamlNode? root;
    private Mark last = Mark.Empty;
    private int size;

    private YamlReader()
    {
    }

    /// <summary>Null, with one problem or more, when it is no YAML or more than a rule file may be.</summary>
    public static YamlNode? Read(string text, out IReadOnlyList<RuleProblem> problems)
    {
        var reader = new YamlReader();
        problems = reader.problems;
        if (Encoding.UTF8.GetByteCount(text) > RuleFile.MaxBytes)
        {
            reader.Fail(1, 1, RuleProblemCode.TooLarge, "The file is larger than 1 MB. Part it into several rule files.");
            return null;
        }

        // The scanner takes NUL for the end: what stands behind it would be passed over in silence.
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            var before = text.AsSpan(0, nul);
            reader.Fail(before.Count('\n') + 1, nul - before.LastIndexOf('\n'), RuleProblemCode.Syntax, "The file holds a NUL character here; it is no text.");
            return null;
        }

        text = text.TrimStart('\ufeff');
        try
        {
            reader.ReadAll(new Parser(new StringReader(text)));
        }
        catch (YamlException error)
        {
            reader.problems.Add(YamlAdvice.For(error.Start, error.Message, text));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The scanner is not total: broken input may end in exceptions of any kind, behind the last step that it took.
            reader.problems.Add(YamlAdvice.For(reader.last, "", text));
        }

        return reader.problems.Count == 0 ? reader.root : null;
    }

    private void ReadAll(Parser parser)
    {
        var documents = 0;
        while (problems.Count == 0 && parser.MoveNext())
        {
            last = parser.Current!.End;
            switch (parser.Current)
            {
                case DocumentStart start when ++documents > 1:
                    Fail(Line(start), Column(start), RuleProblemCode.Syntax, "A second document begins here (\"---\"). A rule file is one document; put all rules below one \"rules:\".");
                    break;
                case AnchorAlias alias:
                    TakeAlias(alias);
                    break;
                case NodeEvent node:
                    Take(node);
                    break;
                case MappingEnd or SequenceEnd:
                    End();
                    break;
                default:
                    break;
            }
        }
    }

    private void Take(NodeEvent node)
    {
        size++;
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            RefuseTag(node);
        }
        else if (frames.Count >= MaxDepth)
        {
            Fail(Line(node), Column(node), RuleProblemCode.TooLarge, $"The file is nested deeper than {MaxDepth} levels here.");
        }
        else if (node is Scalar scalar)
        {
            var more = scalar.Value.Length / CharactersPerNode;
            size += more;
            Add(new YamlScalar(Line(node), Column(node), scalar.Value, scalar.Style == ScalarStyle.Plain), scalar.Anchor, 1 + more);
        }
        else
        {
            frames.Push(new(node is MappingStart, node, size));
        }

        Count(node);
    }

    private void Count(ParsingEvent step)
    {
        if (size > MaxNodes && problems.Count == 0)
        {
            Fail(Line(step), Column(step), RuleProblemCode.TooLarge, $"The file, with its aliases written out, has more than {MaxNodes} entries.");
        }
    }

    private void RefuseTag(NodeEvent node)
    {
        var tag = node.Tag.Value;
        if (tag.StartsWith("tag:", StringComparison.Ordinal))
        {
            Fail(Line(node), Column(node), RuleProblemCode.Syntax, $"The tag {tag.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)} has no meaning in a rule file. Leave it out.");
            return;
        }

        var text = tag + (node is Scalar { Value.Length: > 0 } scalar ? " " + scalar.Value : "");
        Fail(Line(node), Column(node), RuleProblemCode.Syntax, $"YAML takes {tag} for a tag, because it begins with \"!\". A pattern that begins with \"!\" needs quotes.", $"Write \"{text}\".");
    }

    private void TakeAlias(AnchorAlias alias)
    {
        if (!anchors.TryGetValue(alias.Value.Value, out var target))
        {
            Fail(Line(alias), Column(alias), RuleProblemCode.Syntax, $"YAML takes *{alias.Value} for an alias, and no &{alias.Value} comes before it. A pattern that begins with \"*\" needs quotes.", $"Write \"*{alias.Value}\".");
            return;
        }

        size += target.Size;
        Add(target.Node, AnchorName.Empty, 0);
        Count(alias);
    }

    private void End()
    {
        var frame = frames.Pop();
        YamlNode node = frame.IsMap
            ? new YamlMap(Line(frame.Start), Column(frame.Start), frame.Entries)
            : new YamlList(Line(frame.Start), Column(frame.Start), frame.Items);
        Add(node, frame.Start.Anchor, size - frame.SizeBefore + 1);
    }

    private void Add(YamlNode node, AnchorName anchor, int nodes)
    {
        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = (node, nodes);
        }

        if (!frames.TryPeek(out var frame))
        {
            root = node;
        }
        else if (!frame.IsMap)
        {
            frame.Items.Add(node);
        }
        else if (frame.Key is null)
        {
            TakeKey(frame, node);
        }
        else
        {
            frame.Entries.Add(new(frame.Key, node));
            frame.Key = null;
        }
    }

    private void TakeKey(Frame frame, YamlNode node)
    {
        if (node is not YamlScalar key)
        {
            Fail(node.Line, node.Column, RuleProblemCode.Syntax, $"{char.ToUpperInvariant(node.Noun[0])}{node.Noun[1..]} stands where a key is expected. Text with braces in it, such as a placeholder, needs quotes.", "Write \"${{ ... }}\".");
            return;
        }

        frame.Key = key;
    }

    private void Fail(int line, int column, string code, string message, string? suggestion = null) =>
        problems.Add(new RuleProblem { Line = line, Column = column, Path = "", Code = code, Message = message, Suggestion = suggestion });

    private static int Line(ParsingEvent step) => (int)Math.Clamp(step.Start.Line, 1, int.MaxValue);

    private static int Column(ParsingEvent step) => (int)Math.Clamp(step.Start.Column, 1, int.MaxValue);

    private sealed class Frame(bool isMap, NodeEvent start, int sizeBefore)
    {
        public bool IsMap => isMap;

        public NodeEvent Start => start;

        public int SizeBefore => sizeBefore;

        public YamlScalar? Key { get; set; }

        public List<YamlNode> Items { get; } = [];

        public List<YamlEntry> Entries { get; } = [];
    }
}
