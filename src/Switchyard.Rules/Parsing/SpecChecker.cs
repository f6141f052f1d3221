using Switchyard.Rules.Language;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Holds a file against the table of the language; reports everything, stops at nothing.</summary>
internal sealed class SpecChecker(RuleFileScope scope, ProblemList problems)
{
    public void Check(Spec spec, YamlNode node, string path)
    {
        if (problems.IsFull)
        {
            return;
        }

        switch (spec)
        {
            case MapSpec map:
                CheckMap(map, node, path);
                break;
            case ListSpec list:
                CheckList(list, node, path);
                break;
            case FreeMapSpec map:
                CheckFreeMap(map, node, path);
                break;
            case PayloadSpec:
                new PayloadChecker(problems).Check(node, path);
                break;
            case WordSpec words when Scalar(spec, node, path) is { } scalar:
                CheckWord(words, scalar, path);
                break;
            case TruthSpec when node is not YamlScalar { Truth: not null }:
                WrongType(spec, node, path, node is YamlScalar { Value: "yes" or "on" or "y" } ? "Write true." : node is YamlScalar { Value: "no" or "off" or "n" } ? "Write false." : null);
                break;
            case VersionSpec when node is not YamlScalar { Value: "1" }:
                problems.Error(node, path, RuleProblemCode.UnknownWord, $"The version is {Said(node)}; this Switchyard knows version 1 of the language.", "Write version: 1.");
                break;
            case TextSpec text when Scalar(spec, node, path) is { } scalar:
                CheckText(text, scalar, path);
                break;
            default:
                break;
        }
    }

    private void CheckMap(MapSpec spec, YamlNode node, string path)
    {
        if (node is YamlScalar { IsNull: true } && spec.MayBeEmpty)
        {
            node = new YamlMap(node.Line, node.Column, []);
        }

        if (node is not YamlMap map)
        {
            if (spec.Short is not null && (node is YamlScalar { IsNull: false } || spec.Short is ListSpec) && MissingSpace(node) is null)
            {
                Check(spec.Short, node, path);
            }
            else
            {
                WrongType(spec, node, path, MissingSpace(node));
            }

            return;
        }

        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            var name = entry.Key.Value;
            var key = spec.Keys.FirstOrDefault(key => key.Name == name);
            if (!seen.TryAdd(name, entry.Key))
            {
                Duplicate(entry.Key, seen[name], PathOf(path, name));
            }
            else if (key is null)
            {
                UnknownKey(spec, entry.Key, path);
            }
            else
            {
                Check(key.Value, entry.Value, PathOf(path, name));
            }
        }

        CheckPresence(spec, map, seen, path);
    }

    private void CheckPresence(MapSpec spec, YamlMap map, Dictionary<string, YamlScalar> seen, string path)
    {
        foreach (var key in spec.Keys.Where(key => !seen.ContainsKey(key.Name) && !seen.Keys.Any(key.Instead.Contains) && !seen.ContainsKey("<<")))
        {
            if (key.Presence == Presence.Required)
            {
                problems.Error(map, path, RuleProblemCode.MissingKey, $"{Upper(spec.Title)} has no \"{key.Name}\". Expected {key.Value.Expected}.", key.Name == "version" ? "Write version: 1 at the top." : null);
            }
            else if (key.Presence == Presence.RequiredElsewhere && scope.Kind != RuleFileKind.Repository)
            {
                problems.Error(map, path, RuleProblemCode.MissingKey, $"{Upper(spec.Title)} has no \"{key.Name}\". Expected {key.Value.Expected}. Only a repository's own .github/switchyard.yml may leave it out.");
            }
        }

        if (seen.Count == 0 && (spec.OneKey || spec.SomeKey))
        {
            problems.Error(map, path, RuleProblemCode.Empty, $"{Upper(spec.Title)} is empty. Expected {Names.OneOf(spec.Keys.Select(key => key.Name))}.");
        }
        else if (seen.Count > 1 && spec.OneKey)
        {
            problems.Error(map, path, RuleProblemCode.Contradiction, $"One {spec.Noun} has {Names.All(seen.Keys)}. Each is an entry of its own in the list.", "Begin each with a dash: \"- workflow:\".");
        }
    }

    private void UnknownKey(MapSpec spec, YamlScalar key, string path)
    {
        var written = key.Value;
        var meant = spec.Keys.FirstOrDefault(known => known.Instead.Contains(written))?.Name ?? Names.Nearest(written, spec.Keys.Select(known => known.Name));
        var suggestion = meant is null ? null
            : written.EndsWith("-ignore", StringComparison.Ordinal) ? $"Write its patterns below \"{meant}\", each with \"!\" before it."
            : $"Did you mean \"{meant}\"?";
        if (written == "<<")
        {
            problems.Error(key, PathOf(path, written), RuleProblemCode.Syntax, "Merge keys (<<) are not part of YAML 1.2. Write the keys out, or use an alias for a whole value.");
            return;
        }

        problems.Error(key, PathOf(path, written), RuleProblemCode.UnknownKey, $"Unknown key \"{YamlScalar.Shortened(written)}\" in {spec.Title}. Expected {Names.OneOf(spec.Keys.Select(known => known.Name))}.", suggestion);
    }

    private void CheckList(ListSpec spec, YamlNode node, string path)
    {
        if (node is not YamlList list)
        {
            if (spec.OneAlone && (node is not YamlScalar { IsNull: true } || spec.Item is MapSpec { MayBeEmpty: true }) && node.GetType() == ItemType(spec.Item, node))
            {
                Check(spec.Item, node, path);
            }
            else
            {
                WrongType(spec, node, path, node is YamlMap && spec.Item is MapSpec ? "Begin each with a dash." : null);
            }

            return;
        }

        if (list.Items.Count == 0)
        {
            problems.Error(node, path, RuleProblemCode.Empty, $"\"{KeyOf(path)}\" is an empty list. Expected at least one of the {spec.Noun}.");
        }

        if (list.Items.Count > spec.Most)
        {
            problems.Error(node, path, RuleProblemCode.TooLarge, $"\"{KeyOf(path)}\" has {list.Items.Count} entries. Expected at most {spec.Most}.");
            return;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            Check(spec.Item, list.Items[i], $"{path}[{i}]");
        }

        if (spec.Item is TextSpec { Kind: TextKind.RepositoryPattern } && list.Items.Count > 0 && list.Items.All(item => item is YamlScalar { Value: ['!', ..] }))
        {
            problems.Error(node, path, RuleProblemCode.Contradiction, $"\"{KeyOf(path)}\" only says which repositories are left out. Expected one that is meant before them.", $"Begin with \"{scope.Owner ?? "OWNER"}/*\".");
        }
    }

    /// <summary>The kind of node that may stand for a list of one, so that a wrong one is told about the list.</summary>
    private static Type ItemType(Spec item, YamlNode node) => item switch
    {
        MapSpec { Short: not null } or MapSpec { MayBeEmpty: true } when node is YamlScalar { IsNull: true } => typeof(YamlScalar),
        MapSpec => typeof(YamlMap),
        _ => typeof(YamlScalar),
    };

    private void CheckFreeMap(FreeMapSpec spec, YamlNode node, string path)
    {
        if (node is not YamlMap map)
        {
            WrongType(spec, node, path, MissingSpace(node));
            return;
        }

        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            var inner = PathOf(path, entry.Key.Value);
            if (!seen.TryAdd(entry.Key.Value, entry.Key))
            {
                Duplicate(entry.Key, seen[entry.Key.Value], inner);
                continue;
            }

            Report(TextRules.Check(spec.NameKind, entry.Key.Value), entry.Key, inner);
            if (entry.Value is not YamlScalar { IsNull: true })
            {
                Check(spec.Value, entry.Value, inner);
            }
            else
            {
                problems.Error(entry.Value, inner, RuleProblemCode.WrongType, $"\"{entry.Key.Value}\" has no value. Expected {spec.Value.Expected}.", "Write \"\" for an empty text.");
            }
        }
    }

    private YamlScalar? Scalar(Spec spec, YamlNode node, string path)
    {
        if (node is YamlScalar { IsNull: false } scalar)
        {
            return scalar;
        }

        WrongType(spec, node, path, null);
        return null;
    }

    private void CheckWord(WordSpec spec, YamlScalar scalar, string path)
    {
        if (!spec.Words.Contains(scalar.Value))
        {
            var near = Names.Nearest(scalar.Value, spec.Words);
            problems.Error(scalar, path, RuleProblemCode.UnknownWord, $"\"{YamlScalar.Shortened(scalar.Value)}\" is not possible for \"{KeyOf(path)}\". Expected {spec.Expected}.", near is null ? null : $"Did you mean {near}?");
        }
    }

    private void CheckText(TextSpec spec, YamlScalar scalar, string path)
    {
        if (scalar.Value.Length == 0 && spec.Kind is not (TextKind.Template or TextKind.Duration))
        {
            problems.Error(scalar, path, RuleProblemCode.Empty, $"\"{KeyOf(path)}\" is an empty text. Expected {spec.Expected}.");
            return;
        }

        Report(TextRules.Check(spec.Kind, scalar.Value), scalar, path);
    }

    private void Report(IEnumerable<TextProblem> found, YamlScalar scalar, string path)
    {
        foreach (var problem in found)
        {
            problems.Error(scalar, path, problem.Code, problem.Message, problem.Suggestion?.Replace("OWNER/", $"{scope.Owner ?? "OWNER"}/", StringComparison.Ordinal), problem.At == 0 || scalar.Value.Contains('\n', StringComparison.Ordinal) ? 0 : problem.At + (scalar.IsPlain ? 0 : 1));
        }
    }

    private void Duplicate(YamlScalar key, YamlScalar first, string path) =>
        problems.Error(key, path, RuleProblemCode.DuplicateKey, $"\"{key.Value}\" is here a second time; the first is in line {first.Line}.", "Keep one of them.");

    private void WrongType(Spec spec, YamlNode node, string path, string? suggestion)
    {
        if (node is YamlScalar { IsNull: true })
        {
            problems.Error(node, path, RuleProblemCode.Empty, path.Length == 0 ? "The file is empty. Expected version: 1 and rules." : $"\"{KeyOf(path)}\" has no value. Expected {spec.Expected}.");
            return;
        }

        problems.Error(node, path, RuleProblemCode.WrongType, $"{(path.Length == 0 ? "The file" : $"\"{KeyOf(path)}\"")} is {node.Noun}. Expected {spec.Expected}.", suggestion);
    }

    private static string Said(YamlNode node) => node is YamlScalar { IsNull: false } scalar ? YamlScalar.Shortened(scalar.Value) : node.Noun;

    private static string? MissingSpace(YamlNode node) =>
        node is YamlScalar { IsPlain: true } scalar && scalar.Value.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < scalar.Value.Length - 1 && scalar.Value[colon + 1] != '/'
            ? "Put a space behind the colon."
            : null;

    private static string PathOf(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string KeyOf(string path)
    {
        var key = path[(path.LastIndexOf('.') + 1)..];
        return key.IndexOf('[', StringComparison.Ordinal) is > 0 and var index ? key[..index] : key;
    }

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
