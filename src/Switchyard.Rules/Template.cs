using System.Text.Json.Nodes;

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
    private Template(string text, IReadOnlyList<TemplatePart> parts) => (Text, Parts) = (text, parts);

    /// <summary>As written.</summary>
    public string Text { get; }

    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>The names of the fields, in order of appearance.</summary>
    public IEnumerable<string> Fields => Parts.Where(part => part.IsField).Select(part => part.Text);

    public bool IsLiteral => Parts.All(part => !part.IsField);

    /// <summary>Null, with problems, when a placeholder is malformed or not known.</summary>
    public static Template? TryParse(string text, out IReadOnlyList<TemplateProblem> problems) => throw new NotSupportedException();

    /// <exception cref="FormatException">A placeholder is malformed or not known.</exception>
    public static Template Parse(string text) => throw new NotSupportedException();

    public string Render(IPlaceholders placeholders) => throw new NotSupportedException();

    /// <summary>A template that is one placeholder alone is what that stands for (a list, say); any other is its text.</summary>
    public JsonNode? RenderJson(IPlaceholders placeholders) => throw new NotSupportedException();

    public override string ToString() => Text;
}

/// <param name="Text">The literal text, or the field's name.</param>
public readonly record struct TemplatePart(string Text, bool IsField);

/// <param name="At">Where in the text, from 0.</param>
/// <param name="Length">How much of it.</param>
public sealed record TemplateProblem(int At, int Length, string Message, string? Suggestion = null);
