using System.Text;

namespace Switchyard.Catalog.Ignore;

/// <summary>One line of an ignore file.</summary>
internal sealed class IgnorePattern
{
    private static readonly System.Buffers.SearchValues<byte> Wild = System.Buffers.SearchValues.Create("*?[\\"u8);

    private readonly bool foldersOnly;

    /// <summary>Without a slash inside, the pattern is held against the last name of a path, at any depth.</summary>
    private readonly bool nameOnly;

    private readonly byte[]? literal;
    private readonly byte[]? suffix;
    private readonly Glob? glob;

    private IgnorePattern(string text, int? line, bool negated, bool foldersOnly, ReadOnlySpan<byte> body)
    {
        Text = text;
        Line = line;
        Negated = negated;
        this.foldersOnly = foldersOnly;
        nameOnly = !body.Contains((byte)'/');
        body = body.StartsWith("/"u8) ? body[1..] : body;
        if (!body.ContainsAny(Wild))
        {
            literal = body.ToArray();
        }
        else if (nameOnly && body[0] == '*' && !body[1..].ContainsAny(Wild))
        {
            suffix = body[1..].ToArray();
        }
        else
        {
            glob = Glob.Parse(body);
        }
    }

    public string Text { get; }

    public int? Line { get; }

    public bool Negated { get; }

    /// <summary>Null for a blank line or a comment.</summary>
    public static IgnorePattern? Parse(ReadOnlySpan<byte> line, int? number)
    {
        if (line.StartsWith("#"u8))
        {
            return null;
        }

        line = WithoutTrailingSpaces(line.EndsWith("\r"u8) ? line[..^1] : line);
        if (line.IsEmpty)
        {
            return null;
        }

        var body = line;
        var negated = body[0] == '!';
        body = negated ? body[1..] : body;
        var forFolders = body.EndsWith("/"u8);
        return new(Encoding.UTF8.GetString(line), number, negated, forFolders, forFolders ? body[..^1] : body);
    }

    public bool Matches(ReadOnlySpan<byte> path, ReadOnlySpan<byte> name, bool isFolder)
    {
        if (foldersOnly && !isFolder)
        {
            return false;
        }

        var text = nameOnly ? name : path;
        return literal is not null ? text.SequenceEqual(literal)
            : suffix is not null ? text.EndsWith(suffix)
            : glob!.Matches(text);
    }

    private static ReadOnlySpan<byte> WithoutTrailingSpaces(ReadOnlySpan<byte> line)
    {
        var end = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
            {
                i++;
                end = i + 1;
            }
            else if (line[i] != ' ')
            {
                end = i + 1;
            }
        }

        return line[..end];
    }
}
