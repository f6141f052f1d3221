using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Cli.Api;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Output;

/// <summary>
/// <c>--json [FIELDS]</c>. The fields are one word with commas, so a bare <c>--json</c> in the middle of a line must not
/// take the argument behind it: <see cref="Untangle"/> decides before the parser sees the line. The same goes for the bare
/// <c>--github</c> of <c>api</c>.
/// </summary>
internal sealed partial class JsonFields
{
    public const string Option = "--json";
    public const string All = "*";

    private readonly string[]? fields;

    private JsonFields(string[]? fields) => this.fields = fields;

    public static JsonFields? Of(string? value) => value switch
    {
        null => null,
        All or "" => new JsonFields(null),
        _ => new JsonFields(Split(value)),
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

            if (arguments[i] == ApiCommand.GitHub && i + 1 < arguments.Count && ApiCommand.IsOwnArgument(arguments[i + 1]))
            {
                result.Add(ApiCommand.GitHub + "=" + ApiCommand.NoProvider);
                continue;
            }

            if (arguments[i] != Option)
            {
                result.Add(arguments[i]);
                continue;
            }

            var next = i + 1 < arguments.Count ? arguments[i + 1] : "";
            var names = Split(next);

            // "name, path" are fields; "customer, order" are words to look for.
            var bound = FieldList().IsMatch(next) && (names.Any(isField) || (names.Length > 1 && !next.Any(char.IsWhiteSpace)));
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
                throw Unknown(field, [.. members.Select(member => member.Key)]);
            }

            chosen[field] = Members.Member(members, field)?.DeepClone();
        }

        return chosen;
    }

    /// <summary>
    /// The word behind a bare <c>--json</c> that was meant as a field and is none; null where the line is wrong for another
    /// reason.
    /// </summary>
    public static CommandProblem? Misspelled(IReadOnlyList<string> arguments, IReadOnlyList<string> here)
    {
        var at = arguments.TakeWhile(argument => argument != "--").ToList().IndexOf(Option);
        return at >= 0 && at + 1 < arguments.Count && FieldList().IsMatch(arguments[at + 1]) && !here.Contains(arguments[at + 1].Trim())
            ? Unknown(arguments[at + 1].Trim(), here)
            : null;
    }

    private static CommandProblem Unknown(string field, IReadOnlyList<string> here)
    {
        var meant = Nearest.Of(field, here);
        return CommandProblem.Usage(
            $"There is no field \"{field}\" here."
            + (meant is null ? "" : $" Did you mean \"{meant}\"?")
            + (here.Count == 0 ? " A bare --json shows all fields." : $" The fields are: {string.Join(", ", here)}."));
    }

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9.]*(\s*,\s*[A-Za-z][A-Za-z0-9.]*)*\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FieldList();
}
