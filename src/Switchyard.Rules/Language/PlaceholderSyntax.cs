using System.Buffers;
using System.Text.RegularExpressions;

namespace Switchyard.Rules.Language;

/// <summary>What stands between <c>${{</c> and <c>}}</c>: the name of a field. Everything else is refused by what it was meant as.</summary>
internal static partial class PlaceholderSyntax
{
    /// <summary>What workflows call it, and what it is here.</summary>
    private static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["github.sha"] = "signal.sha",
        ["github.ref"] = "signal.ref",
        ["github.ref_name"] = "signal.branch",
        ["github.head_ref"] = "signal.head_ref",
        ["github.base_ref"] = "signal.base_ref",
        ["github.repository"] = "source.full_name",
        ["github.repository_owner"] = "source.owner",
        ["github.actor"] = "signal.actor",
        ["github.event_name"] = "signal.kind",
        ["github.event.action"] = "signal.action",
        ["github.event.number"] = "signal.number",
        ["github.event.pull_request.number"] = "signal.number",
        ["github.event.pull_request.title"] = "signal.title",
        ["github.event.repository.name"] = "source.name",
    };

    private static readonly SearchValues<char> Operators = SearchValues.Create("|&=!<>+*?");

    public static (string Message, string? Suggestion)? Problem(string name)
    {
        if (name.Length == 0)
        {
            return ("A placeholder is empty. Expected a field such as signal.sha.", null);
        }

        if (!Field().IsMatch(name))
        {
            return (Expression(Shortened(name)), null);
        }

        if (PlaceholderFields.Find(name) is not null)
        {
            return null;
        }

        return Actions.TryGetValue(name, out var ours) ? ($"{name} is a field of workflows; rules read the Signal.", $"Write ${{{{ {ours} }}}}.")
            : name.StartsWith("secrets.", StringComparison.Ordinal) || name.StartsWith("vars.", StringComparison.Ordinal) || name.StartsWith("env.", StringComparison.Ordinal)
                ? ($"{name}: rules read no secrets, variables or environment. The workflow that is started reads its own.", null)
            : name.StartsWith("inputs.", StringComparison.Ordinal) ? ($"Unknown field {name}.", $"Write ${{{{ signal.{name} }}}}.")
            : Unknown(Shortened(name));
    }

    private static (string Message, string? Suggestion) Unknown(string name)
    {
        var known = PlaceholderFields.All.Select(field => field.Name);
        var group = name.Split('.')[0];
        var near = Names.Nearest(name, known) ?? known.FirstOrDefault(field => field == "signal." + name || field == "source." + name);
        var expected = known.Where(field => field.StartsWith(group + ".", StringComparison.Ordinal)).ToArray();
        return near is not null && expected.Length > 10 ? ($"Unknown field {name}.", $"Did you mean {near}?")
            : expected.Length > 0
            ? ($"Unknown field {name}. Expected {Names.OneOf(expected)}.", near is null ? null : $"Did you mean {near}?")
            : ($"Unknown field {name}. Fields begin with source., signal., rule., dispatch. or batch.", near is null ? null : $"Did you mean {near}?");
    }

    private static string Expression(string text)
    {
        var what = text.Contains('(', StringComparison.Ordinal) ? "functions are not part of rules"
            : text.Contains('[', StringComparison.Ordinal) ? "indexing is not part of rules"
            : text.AsSpan().IndexOfAny(Operators) >= 0 ? "operators are not part of rules"
            : text.AsSpan().IndexOfAny("'\"") >= 0 ? "fixed texts stand outside of the placeholder"
            : "it is no name of a field";
        return $"\"{text}\" cannot be a placeholder: {what}. Expected one field's name, such as signal.sha; conditions belong below \"on\", and anything computed into the workflow.";
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Field();
}
