using System.Buffers;
using System.Text;

namespace Switchyard.Catalog.Ignore;

/// <summary>
/// <c>.switchyardignore</c>: gitignore syntax at the root of the repository, after built-in patterns that it may re-include
/// (catalogue, section 7; gitignore(5)). Matching compares bytes, as git does, and takes time linear in the path.
/// </summary>
public sealed class IgnoreFile
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxPatterns = 1000;
    private const int MaxPathBytes = 8192;

    private static readonly string[] BuiltInPatterns =
        ["node_modules/", "vendor/", ".venv/", "target/", "dist/", "mlruns/", "testdata/", ".dvc/cache/", ".dvc/tmp/"];

    private readonly IgnorePattern[] patterns;

    private IgnoreFile(IEnumerable<IgnorePattern> own) => patterns = [.. BuiltInPatterns.Select(text => IgnorePattern.Parse(Encoding.UTF8.GetBytes(text), null)!), .. own];

    /// <summary>The built-in patterns alone: what holds in a repository without an ignore file.</summary>
    public static IgnoreFile BuiltIn { get; } = new([]);

    /// <summary>The patterns of the file in their order, without the built-in ones.</summary>
    public IEnumerable<string> Patterns => patterns.Where(pattern => pattern.Line is not null).Select(pattern => pattern.Text);

    /// <summary>Reads a file of at most 64 KiB and 1,000 patterns.</summary>
    public static IgnoreReading Parse(ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            return Refuse(ProblemCode.TooLarge, $"The ignore file has {content.Length} bytes; {MaxBytes} are allowed.");
        }

        var text = content.Span.StartsWith("\uFEFF"u8) ? content.Span[3..] : content.Span;
        if (text.Contains((byte)0))
        {
            return Refuse(ProblemCode.ParseFailed, "The ignore file is no text: it holds a zero byte.");
        }

        var own = new List<IgnorePattern>();
        var line = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            line++;
            if (IgnorePattern.Parse(text[range], line) is { } pattern)
            {
                own.Add(pattern);
            }
        }

        return own.Count > MaxPatterns
            ? Refuse(ProblemCode.TooLarge, $"The ignore file has {own.Count} patterns; {MaxPatterns} are allowed.")
            : new(new IgnoreFile(own), null);
    }

    /// <summary>Decides about a file, by its path from the root, separated by '/'. What lies in an ignored folder cannot be re-included.</summary>
    public IgnoreDecision Decide(string path)
    {
        if (path.Length > MaxPathBytes)
        {
            return default;
        }

        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(path.Length));
        try
        {
            return Decide(rented.AsSpan(0, Encoding.UTF8.GetBytes(path, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>As the other, for a path that is no UTF-8.</summary>
    public IgnoreDecision Decide(ReadOnlySpan<byte> path)
    {
        if (path.Length > MaxPathBytes)
        {
            return default;
        }

        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '/' && Deciding(path[..i], isFolder: true) is { Negated: false } folder)
            {
                return new(true, folder.Line, folder.Text);
            }
        }

        return Deciding(path, isFolder: false) is { } pattern ? new(!pattern.Negated, pattern.Line, pattern.Text) : default;
    }

    private static IgnoreReading Refuse(string code, string message) => new(null, new(code, message, ProblemSeverity.Error));

    /// <summary>The last pattern that matches.</summary>
    private IgnorePattern? Deciding(ReadOnlySpan<byte> path, bool isFolder)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        for (var i = patterns.Length - 1; i >= 0; i--)
        {
            if (patterns[i].Matches(path, name, isFolder))
            {
                return patterns[i];
            }
        }

        return null;
    }
}
