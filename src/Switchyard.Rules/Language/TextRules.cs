using System.Text.RegularExpressions;
using Switchyard.Rules.Matching;

namespace Switchyard.Rules.Language;

/// <param name="Code">Of <see cref="RuleProblemCode"/>.</param>
/// <param name="At">Where in the text, from 0.</param>
internal sealed record TextProblem(string Code, string Message, string? Suggestion = null, int At = 0);

/// <summary>What a text must be, kind by kind; templates are in <see cref="TemplateRules"/>.</summary>
internal static partial class TextRules
{
    /// <summary>Each Signal is held against them: their length is bounded, so that no file makes that slow.</summary>
    private const int LongestPattern = 300;

    public static IEnumerable<TextProblem> Check(TextKind kind, string text) => kind switch
    {
        TextKind.BranchPattern or TextKind.TagPattern or TextKind.PathPattern or TextKind.NamePattern or TextKind.Login when text.Length > LongestPattern =>
            One(Malformed($"The pattern has {text.Length} characters. Expected at most {LongestPattern}.")),
        TextKind.Plain => [],
        TextKind.Duration => One(Duration(text)),
        TextKind.Cron => One(CronFields(text)),
        TextKind.TimeZone => One(Zone(text)),
        TextKind.RuleName => One(RuleName(text)),
        TextKind.RepositoryPattern => One(Repository(text, patterns: true)),
        TextKind.Repository => One(Repository(text, patterns: false)),
        TextKind.BranchPattern => One(RefPattern(text, "refs/heads/", "branch")),
        TextKind.TagPattern => One(RefPattern(text, "refs/tags/", "tag")),
        TextKind.PathPattern => One(PathPattern(text)),
        TextKind.NamePattern => [],
        TextKind.Login => One(text.StartsWith('@') ? Malformed($"The login \"{text}\" is written with an @.", $"Write {text[1..]}.") : null),
        TextKind.InputName => One(InputName(text)),
        _ => TemplateRules.Check(kind, text),
    };

    public static TextProblem? Repository(string text, bool patterns)
    {
        var plain = patterns && text.StartsWith('!') ? text[1..] : text;
        if ((patterns ? PatternForm() : RepositoryForm()).IsMatch(plain) && !plain.EndsWith(".git", StringComparison.Ordinal))
        {
            return null;
        }

        var suggestion = Url().Match(plain) is { Success: true } url ? $"Write {url.Groups["name"].Value}."
            : plain.EndsWith(".git", StringComparison.Ordinal) && RepositoryForm().IsMatch(plain[..^4]) ? $"Write {plain[..^4]}."
            : plain == "*" ? "Write \"OWNER/*\" for all repositories of an account."
            : !plain.Contains('/', StringComparison.Ordinal) ? $"Write OWNER/{(plain.Length == 0 ? "NAME" : plain)}."
            : null;
        var form = patterns ? "owner/name, with * and ? as wildcards" : "owner/name";
        return Malformed($"\"{plain}\" is no repository. Expected {form}.", suggestion);
    }

    private static TextProblem? Duration(string text) =>
        Durations.TryParse(text, out var problem, out var suggestion) is null
            ? Malformed($"\"{text}\" {problem}. Expected a number with s, m, h or d, such as 30s, 2m, 2h or 1d; at most 30d.", suggestion)
            : null;

    private static TextProblem? CronFields(string text) =>
        Cron.TryParse(text, out var problem) is null ? Malformed($"The cron expression \"{text}\" cannot be read: {problem}") : null;

    private static TextProblem? Zone(string text)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
        {
            return null;
        }

        var near = Names.Nearest(text.Replace(' ', '_'), TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id));
        return Malformed($"\"{text}\" is no time zone. Expected a name of the IANA database such as UTC or Europe/Berlin.", near is null ? null : $"Did you mean {near}?");
    }

    private static TextProblem? RuleName(string text) =>
        text.Length > 100 ? Malformed($"The name has {text.Length} characters. Expected at most 100.")
        : text.Any(char.IsControl) ? Malformed("The name holds a line break or another control character.")
        : text.Trim() != text ? Malformed("The name begins or ends with a space.")
        : null;

    private static TextProblem? RefPattern(string text, string prefix, string noun)
    {
        var plain = text.StartsWith('!') ? text[1..] : text;
        return plain.StartsWith(prefix, StringComparison.Ordinal)
            ? Malformed($"\"{text}\" is a whole ref. Expected the {noun}'s name alone.", $"Write {(text == plain ? "" : "!")}{plain[prefix.Length..]}.")
            : Pattern(text, plain);
    }

    private static TextProblem? PathPattern(string text)
    {
        var plain = text.StartsWith('!') ? text[1..] : text;
        var mark = text == plain ? "" : "!";
        return plain.StartsWith('/') ? Malformed($"\"{text}\" begins with a slash. Paths begin at the repository's root without one.", $"Write {mark}{plain.TrimStart('/')}.")
            : plain.StartsWith("./", StringComparison.Ordinal) ? Malformed($"\"{text}\" begins with \"./\". Paths begin at the repository's root without it.", $"Write {mark}{plain[2..]}.")
            : plain.EndsWith('/') ? Malformed($"\"{text}\" is a folder, and only files change.", $"Write \"{mark}{plain}**\" for all in it.")
            : Pattern(text, plain);
    }

    private static TextProblem? Pattern(string text, string plain)
    {
        if (plain.Length == 0)
        {
            return Malformed("\"!\" alone leaves nothing out. Expected a pattern behind it.");
        }

        return GlobSyntax.Path(plain, out var problem) is null ? Malformed($"The pattern \"{text}\" cannot be read: {problem}") : null;
    }

    private static TextProblem? InputName(string text) =>
        InputForm().IsMatch(text) ? null : Malformed($"\"{text}\" is no name of an input. Expected a letter or _, then letters, digits, - and _.");

    private static TextProblem Malformed(string message, string? suggestion = null) => new(RuleProblemCode.Malformed, message, suggestion);

    private static IEnumerable<TextProblem> One(TextProblem? problem) => problem is null ? [] : [problem];

    [GeneratedRegex("^[A-Za-z0-9_.*?-]{1,100}/[A-Za-z0-9_.*?-]{1,100}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PatternForm();

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryForm();

    [GeneratedRegex("^(https?://|git@|ssh://git@)[^/:]+[/:](?<name>[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+?)(\\.git)?/?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Url();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]{0,99}$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InputForm();
}
