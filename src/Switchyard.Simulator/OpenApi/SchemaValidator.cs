using System.Globalization;
using System.Text.Json;

namespace Switchyard.Simulator.OpenApi;

/// <summary>
/// Holds a value against a schema. Stricter than JSON Schema in one point: an object may have only the members that
/// its schema (with allOf, and the branch of oneOf that fits) names, unless the schema says that more are allowed.
/// </summary>
internal static class SchemaValidator
{
    private const int MaxItems = 300;

    public static IReadOnlyList<(string Pointer, string Message)> Validate(Schema schema, JsonElement value, string pointer = "")
    {
        var errors = new List<(string, string)>();
        Whole(schema, value, pointer, errors);
        return errors;
    }

    private static void Whole(Schema schema, JsonElement value, string pointer, List<(string, string)> errors)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var open = false;
        Part(schema, value, pointer, errors, named, ref open);
        if (value.ValueKind != JsonValueKind.Object || open)
        {
            return;
        }

        foreach (var member in value.EnumerateObject().Where(member => !named.Contains(member.Name)))
        {
            errors.Add(($"{pointer}/{Escape(member.Name)}", "the schema does not name this member"));
        }
    }

    /// <summary>Checks all but unknown members; those that are known go to <paramref name="named"/>.</summary>
    private static void Part(Schema schema, JsonElement value, string pointer, List<(string, string)> errors, HashSet<string> named, ref bool open)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!AllowsNull(schema))
            {
                errors.Add((pointer, "null is not allowed"));
            }

            open = true;
            return;
        }

        if (schema.Type is { } type && !IsOfType(type, value))
        {
            errors.Add((pointer, $"a {type} is wanted, this is {value.ValueKind.ToString().ToLowerInvariant()}"));
            open = true;
            return;
        }

        if (schema.Enum is { } allowed && !allowed.Contains(Schema.Text(value)))
        {
            errors.Add((pointer, $"'{Schema.Text(value)}' is none of {string.Join(", ", allowed)}"));
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Members(schema, value, pointer, errors, named);
                open |= schema.IsOpen && schema.AllOf.Count == 0;
                break;
            case JsonValueKind.Array:
                Elements(schema, value, pointer, errors);
                break;
            default:
                Scalar(schema, value, pointer, errors);
                break;
        }

        foreach (var part in schema.AllOf)
        {
            Part(part, value, pointer, errors, named, ref open);
        }

        if (schema.OneOf.Count > 0)
        {
            Best(schema, value, pointer, errors, named, ref open);
        }
    }

    private static void Members(Schema schema, JsonElement value, string pointer, List<(string, string)> errors, HashSet<string> named)
    {
        foreach (var member in value.EnumerateObject())
        {
            if ((schema.Properties.TryGetValue(member.Name, out var property) ? property : schema.Additional) is { } inner)
            {
                named.Add(member.Name);
                Whole(inner, member.Value, $"{pointer}/{Escape(member.Name)}", errors);
            }
        }

        errors.AddRange(schema.Required.Where(name => !value.TryGetProperty(name, out _)).Select(name => ($"{pointer}/{Escape(name)}", "this member is required")));
    }

    private static void Elements(Schema schema, JsonElement value, string pointer, List<(string, string)> errors)
    {
        var count = value.GetArrayLength();
        if (count < schema.MinItems || count > schema.MaxItems)
        {
            errors.Add((pointer, $"{count} items are too few or too many"));
        }

        if (schema.Items is null)
        {
            return;
        }

        var index = -1;
        foreach (var item in value.EnumerateArray())
        {
            // Items of a list come from one renderer: the ends of a tree of 100,000 entries stand for all of it.
            if (++index < MaxItems || index >= count - MaxItems)
            {
                Whole(schema.Items, item, $"{pointer}/{index}", errors);
            }
        }
    }

    private static void Scalar(Schema schema, JsonElement value, string pointer, List<(string, string)> errors)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            var number = value.GetDouble();
            if (number < schema.Minimum || number > schema.Maximum)
            {
                errors.Add((pointer, $"{number.ToString(CultureInfo.InvariantCulture)} is out of range"));
            }

            return;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return;
        }

        var text = value.GetString()!;
        if (text.Length < schema.MinLength || text.Length > schema.MaxLength)
        {
            errors.Add((pointer, $"the text has {text.Length} characters, which is too few or too many"));
        }

        if (schema.Pattern?.IsMatch(text) == false)
        {
            errors.Add((pointer, $"the text does not match {schema.Pattern}"));
        }

        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            errors.Add((pointer, "the text is no date and time"));
        }
        else if (schema.Format == "uri" && !Uri.TryCreate(text, UriKind.Absolute, out _))
        {
            errors.Add((pointer, "the text is no absolute URI"));
        }
    }

    /// <summary>The branch with the fewest errors counts; with none, the value fits.</summary>
    private static void Best(Schema schema, JsonElement value, string pointer, List<(string, string)> errors, HashSet<string> named, ref bool open)
    {
        List<(string, string)> best = [];
        var least = int.MaxValue;
        HashSet<string> bestNamed = [];
        var bestOpen = false;
        foreach (var branch in schema.OneOf)
        {
            var found = new List<(string, string)>();
            var branchNamed = new HashSet<string>(StringComparer.Ordinal);
            var branchOpen = false;
            Part(branch, value, pointer, found, branchNamed, ref branchOpen);
            // A branch of another type is no candidate as long as there is one of the same.
            var weight = found.Count + Unknown(value, branchNamed, named, branchOpen) + (branch.Type is { } type && !IsOfType(type, value) ? 1000 : 0);
            if (weight < least)
            {
                (best, bestNamed, bestOpen, least) = (found, branchNamed, branchOpen, weight);
            }
        }

        errors.AddRange(best);
        named.UnionWith(bestNamed);
        open |= bestOpen;
    }

    private static int Unknown(JsonElement value, HashSet<string> branch, HashSet<string> named, bool open) =>
        open || value.ValueKind != JsonValueKind.Object ? 0 : value.EnumerateObject().Count(member => !branch.Contains(member.Name) && !named.Contains(member.Name));

    /// <summary>Null passes where the schema says so itself, or one it consists of; a schema that says nothing of types takes anything.</summary>
    private static bool AllowsNull(Schema schema) =>
        schema.Nullable
        || schema.OneOf.Any(AllowsNull)
        || (schema.AllOf.Count > 0 && schema.AllOf.All(AllowsNull))
        || (schema.Type is null && schema.Enum is null && schema.AllOf.Count == 0 && schema.OneOf.Count == 0 && schema.Properties.Count == 0);

    private static bool IsOfType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => true,
    };

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
