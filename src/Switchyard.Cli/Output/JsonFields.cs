using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Switchyard.Cli.Output;

/// <summary>
/// <c>--json [FIELDS]</c>. The fields are one word with commas, so a bare <c>--json</c> in the middle of a line must not
/// take the argument behind it: <see cref="Untangle"/> decides before the parser sees the line.
/// </summary>
internal sealed partial class JsonFields
{
    public const string Option = "--json";
    private const string All = "*";

    private readonly string[]? fields;

    private JsonFields(string[]? fields) => this.fields = fields;

    public static JsonFields? Of(string? value) => value switch
    {
        null => null,
        All or "" => new JsonFields(null),
        _ => new JsonFields(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
    };

    /// <summary>Binds to each bare <c>--json</c> either the word behind it, if that is a list of fields, or "all".</summary>
    public static string[] Untangle(IReadOnlyList<string> arguments, Func<string, bool> isField)
    {
        var result = new List<string>(arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--")
            {
                result.AddRange(arguments.Skip(i));
                break;
            }

            if (arguments[i] != Option)
            {
                result.Add(arguments[i]);
                continue;
            }

            var next = i + 1 < arguments.Count ? arguments[i + 1] : "";
            var bound = FieldList().IsMatch(next) && (next.Contains(',', StringComparison.Ordinal) || isField(next));
            result.Add(Option + "=" + (bound ? next : All));
            i += bound ? 1 : 0;
        }

        return [.. result];
    }

    public JsonNode Select(JsonNode item)
    {
        if (fields is null || item is not JsonObject members)
        {
            return item.DeepClone();
        }

        var chosen = new JsonObject();
        foreach (var field in fields)
        {
            if (!members.ContainsKey(field.Split('.')[0]))
            {
                throw CommandProblem.Usage($"There is no field \"{field}\" here. The fields are: {string.Join(", ", members.Select(member => member.Key))}.");
            }

            chosen[field] = JsonText.Member(members, field)?.DeepClone();
        }

        return chosen;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9.]*(,[A-Za-z][A-Za-z0-9.]*)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldList();
}
