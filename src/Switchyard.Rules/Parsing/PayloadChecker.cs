using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Checks a client_payload: its placeholders, its keys, and whether it can stay below GitHub's limits at all.</summary>
internal sealed class PayloadChecker(ProblemList problems)
{
    public void Check(YamlNode node, string path)
    {
        if (node is not YamlMap map)
        {
            problems.Error(node, path, RuleProblemCode.WrongType, $"\"payload\" is {node.Noun}. Expected a mapping: GitHub's client_payload is an object.");
            return;
        }

        Walk(map, path);
        if (map.Entries.FirstOrDefault(entry => entry.Key.Value == DispatchLimits.OwnKey) is { } own)
        {
            problems.Error(own.Key, $"{path}.{DispatchLimits.OwnKey}", RuleProblemCode.Contradiction, $"The key \"{DispatchLimits.OwnKey}\" is the one that Switchyard adds itself. Choose another name.");
        }

        if (map.Entries.Count > DispatchLimits.PayloadKeys - 1)
        {
            problems.Error(map, path, RuleProblemCode.Limit, $"The payload has {map.Entries.Count} keys. GitHub takes {DispatchLimits.PayloadKeys}, and one of them is Switchyard's; {DispatchLimits.PayloadKeys - 1} are left.", "Put them below one key of yours.");
        }

        if (PayloadSize.Least(map) is var bytes && bytes >= DispatchLimits.PayloadBytes)
        {
            problems.Error(map, path, RuleProblemCode.Limit, $"The payload has at least {bytes / 1024} KB before any placeholder is filled in. GitHub takes less than 64 KB.");
        }
    }

    private void Walk(YamlNode node, string path)
    {
        switch (node)
        {
            case YamlScalar scalar when Template.TryParse(scalar.Value, out var found) is null:
                foreach (var problem in found)
                {
                    problems.Error(scalar, path, RuleProblemCode.Placeholder, problem.Message, problem.Suggestion, scalar.Value.Contains('\n', StringComparison.Ordinal) ? 0 : problem.At + (scalar.IsPlain ? 0 : 1));
                }

                break;
            case YamlList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Walk(list.Items[i], $"{path}[{i}]");
                }

                break;
            case YamlMap map:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                foreach (var entry in map.Entries)
                {
                    if (!seen.Add(entry.Key.Value))
                    {
                        problems.Error(entry.Key, $"{path}.{entry.Key.Value}", RuleProblemCode.DuplicateKey, $"\"{entry.Key.Value}\" is here a second time.", "Keep one of them.");
                    }

                    Walk(entry.Value, $"{path}.{entry.Key.Value}");
                }

                break;
            default:
                break;
        }
    }
}
