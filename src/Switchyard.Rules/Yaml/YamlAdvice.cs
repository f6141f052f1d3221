using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Switchyard.Rules.Yaml;

/// <summary>Says what is wrong with broken YAML by what people usually do wrong in that line, else in the parser's words.</summary>
internal static partial class YamlAdvice
{
    public static RuleProblem For(Mark place, string words, string text)
    {
        var lines = text.Split('\n');
        var at = (int)Math.Clamp(place.Line, 1, lines.Length);
        var column = (int)Math.Clamp(place.Column, 1, lines[at - 1].Length + 1);
        if (words.Contains("tab", StringComparison.OrdinalIgnoreCase) && Array.FindIndex(lines, line => LeadingTab().IsMatch(line)) is >= 0 and var tabbed)
        {
            at = tabbed + 1;
        }

        // The parser often notices only in the next line that something in the one before was left open.
        foreach (var line in new[] { at, at - 1 })
        {
            if (line >= 1 && Cause(lines[line - 1].TrimEnd('\r'), words) is var (found, message, suggestion) && (line == at || found > 0))
            {
                return Problem(line, found > 0 ? found : column, message, suggestion);
            }
        }

        return Problem(at, column, words.Length == 0 ? "The file is no valid YAML from here on." : $"The file is no valid YAML: {Words(words)}", null);
    }

    private static (int Column, string Message, string? Suggestion)? Cause(string line, string words)
    {
        if (LeadingTab().Match(line) is { Success: true } tab)
        {
            return (tab.Length, "The line is indented with a tab, which YAML does not allow.", "Indent with spaces.");
        }

        if (BarePlaceholder().Match(line) is { Success: true } placeholder)
        {
            return (placeholder.Groups["text"].Index + 1, "Text with ${{ }} in it needs quotes here, because YAML takes the braces for a mapping.", $"Write \"{placeholder.Groups["text"].Value.Trim()}\".");
        }

        if (BareSpecial().Match(line) is { Success: true } special)
        {
            var value = special.Groups["text"].Value;
            return (special.Groups["text"].Index + 1, $"A text that begins with \"{value[0]}\" needs quotes.", $"Write \"{value}\".");
        }

        if (words.Contains("mapping values", StringComparison.OrdinalIgnoreCase) || words.Contains("invalid mapping", StringComparison.OrdinalIgnoreCase))
        {
            return (0, "A \": \" stands where no key can be. Either the text before it needs quotes, or the line is indented further than the one above.", null);
        }

        if (words.Contains("quoted scalar", StringComparison.OrdinalIgnoreCase))
        {
            return (0, "A quote that opens here is never closed.", null);
        }

        if (words.Contains("flow sequence", StringComparison.OrdinalIgnoreCase) || (words.Length == 0 && line.AsSpan().Count('[') > line.AsSpan().Count(']')))
        {
            return (0, "A list that begins with \"[\" is not closed with \"]\", or a comma is missing in it.", null);
        }

        if (words.Contains("flow mapping", StringComparison.OrdinalIgnoreCase) || (words.Length == 0 && line.AsSpan().Count('{') > line.AsSpan().Count('}')))
        {
            return (0, "A mapping that begins with \"{\" is not closed with \"}\", or a comma is missing in it.", null);
        }

        if (words.Contains("block mapping", StringComparison.OrdinalIgnoreCase) || words.Contains("block collection", StringComparison.OrdinalIgnoreCase)
            || words.Contains("block end", StringComparison.OrdinalIgnoreCase))
        {
            return (0, "This line does not fit in here. Keys of one mapping, and the dashes of one list, begin in the same column.", null);
        }

        return null;
    }

    private static RuleProblem Problem(int line, int column, string message, string? suggestion) =>
        new() { Line = line, Column = column, Path = "", Code = RuleProblemCode.Syntax, Message = message, Suggestion = suggestion };

    private static string Words(string message)
    {
        var words = message.Length > 200 ? message[..200] : message;
        return words.EndsWith('.') ? words : words + ".";
    }

    [GeneratedRegex(@"^ *\t", RegexOptions.NonBacktracking)]
    private static partial Regex LeadingTab();

    /// <summary>Behind a colon, comma, bracket or dash, up to the last closing pair; text before it that has no quotes.</summary>
    [GeneratedRegex(@"(?:[:,\[{-]) *(?<text>[^""'\s:,\[{}]*\$\{\{[^""'}]*\}\}[^""'\s,\]}]*)", RegexOptions.NonBacktracking)]
    private static partial Regex BarePlaceholder();

    [GeneratedRegex(@"(?:[:,\[-]) *(?<text>[*!@%`&][^\s,\]}]*)", RegexOptions.NonBacktracking)]
    private static partial Regex BareSpecial();
}
