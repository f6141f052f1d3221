using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Switchyard.Simulator.Actions;

/// <summary>
/// Fills <c>${{ github.event.client_payload.a }}</c> and the like: members of the contexts, texts in quotes, and <c>||</c> between
/// them. Anything else of GitHub's expressions stays as it is written.
/// </summary>
internal static partial class Placeholders
{
    public static string Fill(string text, JsonObject contexts) =>
        Expression().Replace(text, match => Evaluate(match.Groups["inner"].Value, contexts) ?? match.Value);

    private static string? Evaluate(string expression, JsonObject contexts)
    {
        var value = "";
        foreach (var operand in expression.Split("||").Select(part => part.Trim()))
        {
            if (Operand(operand, contexts) is not { } found)
            {
                return null;
            }

            if (found.Length > 0)
            {
                return found;
            }

            value = found;
        }

        return value;
    }

    private static string? Operand(string operand, JsonObject contexts)
    {
        if (operand is ['\'', .. var quoted, '\''])
        {
            return quoted.Replace("''", "'", StringComparison.Ordinal);
        }

        if (!Member().IsMatch(operand))
        {
            return null;
        }

        var names = operand.Split('.');
        if (contexts[names[0]] is not { } value)
        {
            return null;
        }

        foreach (var name in names.Skip(1))
        {
            if ((value as JsonObject)?[name] is not { } inner)
            {
                // What is not there is empty.
                return "";
            }

            value = inner;
        }

        return value is JsonValue ? value.ToString() : "Object";
    }

    [GeneratedRegex(@"\$\{\{(?<inner>.*?)\}\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Expression();

    [GeneratedRegex(@"^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Member();
}
