using System.Globalization;
using System.Text;

namespace Switchyard.Cli.Output;

/// <summary>
/// Text of others (names of files and models, subjects of commits, messages of servers) as a terminal may get it: what would
/// move the cursor, recolor, retitle or reorder is shown as an escape instead of done.
/// </summary>
internal static class Printable
{
    /// <summary>On one line: a line end within the text is shown as well.</summary>
    public static string Line(string? text) => Escape(text ?? "", keepsLines: false);

    /// <summary>A message that may have several lines. Those after the first are indented, so that none passes for one of ours.</summary>
    public static string Lines(string? text) => Escape(text ?? "", keepsLines: true).Replace("\n", "\n  ", StringComparison.Ordinal);

    /// <summary>A document whose lines and tabs are its own.</summary>
    public static string Document(string text) => Escape(text, keepsLines: true, keepsTabs: true);

    private static string Escape(string text, bool keepsLines, bool keepsTabs = false)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            result = character switch
            {
                '\n' when keepsLines => result.Append('\n'),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' when keepsTabs => result.Append('\t'),
                '\t' => result.Append("\\t"),
                _ when IsActive(character) => result.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => result.Append(character),
            };
        }

        return result.Length == text.Length ? text : result.ToString();
    }

    /// <summary>Control characters (also those of C1, which some terminals obey), line separators, and what turns the direction of writing.</summary>
    private static bool IsActive(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
