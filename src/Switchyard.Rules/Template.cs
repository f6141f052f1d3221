using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <summary>Where a <see cref="Template"/> takes its values from.</summary>
public interface IPlaceholders
{
    /// <summary>The text of a field; empty when it has none. What a fork controls is percent-encoded.</summary>
    string Text(string field);

    /// <summary>The value of a field as JSON; null when it has none.</summary>
    JsonNode? Json(string field);
}

/// <summary>A text with <c>${{ source.name }}</c> in it. It reads named fields and does nothing else.</summary>
public sealed record Template
{
    /// <summary>Who reads so many of one text, has understood.</summary>
    private const int MostProblems = 10;

    private Template(string text, IReadOnlyList<TemplatePart> parts) => (Text, Parts) = (text, parts);

    /// <summary>As written.</summary>
    public string Text { get; }

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The names of the fields, in order of appearance.</summary>
    public IEnumerable<string> Fields => Parts.Where(part => part.IsField).Select(part => part.Text);

    public bool IsLiteral => Parts.All(part => !part.IsField);

    /// <summary>Null, with problems, when a placeholder is malformed or not known.</summary>
    public static Template? TryParse(string text, out IReadOnlyList<TemplateProblem> problems)
    {
        var parts = new List<TemplatePart>();
        var found = new List<TemplateProblem>();
        problems = found;
        var at = 0;
        while (at < text.Length && found.Count < MostProblems)
        {
            var open = text.IndexOf("${{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                break;
            }

            if (open > at)
            {
                parts.Add(new(text[at..open], IsField: false));
            }

            var close = text.IndexOf("}}", open + 3, StringComparison.Ordinal);
            if (close < 0)
            {
                found.Add(new(open, text.Length - open, "A placeholder opens with \"${{\" and is not closed. Expected \"}}\" behind the field's name."));
                return null;
            }

            var name = text[(open + 3)..close].Trim();
            if (PlaceholderSyntax.Problem(name) is var (message, suggestion))
            {
                found.Add(new(open, close + 2 - open, message, suggestion));
            }

            parts.Add(new(name, IsField: true));
            at = close + 2;
        }

        if (at < text.Length)
        {
            parts.Add(new(text[at..], IsField: false));
        }

        return found.Count == 0 ? new(text, parts) : null;
    }

    /// <exception cref="FormatException">A placeholder is malformed or not known.</exception>
    public static Template Parse(string text) =>
        TryParse(text, out var problems) ?? throw new FormatException(problems[0].Message);

    public string Render(IPlaceholders placeholders)
    {
        if (Parts is [var only])
        {
            return only.IsField ? placeholders.Text(only.Text) : only.Text;
        }

        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            // What a value holds is never read for placeholders again.
            text.Append(part.IsField ? placeholders.Text(part.Text) : part.Text);
        }

        return text.ToString();
    }

    /// <summary>A template that is one placeholder alone is what that stands for (a list, say); any other is its text.</summary>
    public JsonNode? RenderJson(IPlaceholders placeholders) =>
        Parts is [{ IsField: true } only] ? placeholders.Json(only.Text) : JsonValue.Create(Render(placeholders));

    public bool Equals(Template? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    public override string ToString() => Text;
}

/// <param name="Text">The literal text, or the field's name.</param>
public readonly record struct TemplatePart(string Text, bool IsField);

/// <param name="At">Where in the text, from 0.</param>
/// <param name="Length">How much of it.</param>
public sealed record TemplateProblem(int At, int Length, string Message, string? Suggestion = null);
