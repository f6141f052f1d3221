using System.Collections.Immutable;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Switchyard.Simulator.Actions;

/// <summary>Reads workflow files. Only nodes are read, so that <c>on</c> stays a word and is no boolean.</summary>
internal static class WorkflowReader
{
    public static WorkflowFile Read(string path, byte[] bytes)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(Encoding.UTF8.GetString(bytes)));
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? Workflow(path, root) : new WorkflowFile(path, path);
        }
        catch (YamlException)
        {
            return new WorkflowFile(path, path);
        }
    }

    private static WorkflowFile Workflow(string path, YamlMappingNode root)
    {
        var on = Triggers(Find(root, "on"));
        return new WorkflowFile(path, Text(Find(root, "name")) ?? path)
        {
            Valid = on.Count > 0 && Find(root, "jobs") is YamlMappingNode { Children.Count: > 0 },
            RunName = Text(Find(root, "run-name")),
            On = on,
            Jobs = Jobs(Find(root, "jobs")),
            Concurrency = Find(root, "concurrency") switch
            {
                YamlScalarNode { Value: { } group } => new ConcurrencyGroup(group, CancelInProgress: false),
                YamlMappingNode map when Text(Find(map, "group")) is { } group => new ConcurrencyGroup(group, Flag(Find(map, "cancel-in-progress"))),
                _ => null,
            },
        };
    }

    private static ImmutableDictionary<string, Trigger> Triggers(YamlNode? on) => on switch
    {
        YamlScalarNode { Value: { } one } => ImmutableDictionary<string, Trigger>.Empty.Add(one, new Trigger()),
        YamlSequenceNode list => list.Children.Select(Text).OfType<string>().Distinct(StringComparer.Ordinal).ToImmutableDictionary(name => name, _ => new Trigger(), StringComparer.Ordinal),
        YamlMappingNode map => map.Children.Where(pair => Text(pair.Key) is not null)
            .ToImmutableDictionary(pair => Text(pair.Key)!, pair => pair.Value is YamlMappingNode details ? Details(details) : new Trigger(), StringComparer.Ordinal),
        _ => ImmutableDictionary<string, Trigger>.Empty,
    };

    private static Trigger Details(YamlMappingNode map) => new()
    {
        Types = Texts(Find(map, "types")),
        Branches = Texts(Find(map, "branches")),
        BranchesIgnore = Texts(Find(map, "branches-ignore")),
        Tags = Texts(Find(map, "tags")),
        TagsIgnore = Texts(Find(map, "tags-ignore")),
        Inputs = Find(map, "inputs") is not YamlMappingNode inputs ? [] :
        [
            .. inputs.Children.Where(pair => Text(pair.Key) is not null).Select(pair => pair.Value is YamlMappingNode input
                ? new WorkflowInput(Text(pair.Key)!, Flag(Find(input, "required")), Text(Find(input, "default")), Texts(Find(input, "options")))
                : new WorkflowInput(Text(pair.Key)!, false, null, [])),
        ],
    };

    private static ImmutableArray<JobDefinition> Jobs(YamlNode? jobs) => jobs is not YamlMappingNode map ? [] :
    [
        .. map.Children.Where(pair => Text(pair.Key) is not null).Select(pair =>
        {
            var id = Text(pair.Key)!;
            var job = pair.Value as YamlMappingNode;
            return new JobDefinition(id, Text(Find(job, "name")) ?? id, Texts(Find(job, "runs-on")) is [var label, ..] ? label : "ubuntu-latest");
        }),
    ];

    private static YamlNode? Find(YamlMappingNode? map, string name) =>
        map?.Children.FirstOrDefault(pair => Text(pair.Key) == name).Value;

    private static string? Text(YamlNode? node) => node is YamlScalarNode { Value: { } value } ? value : null;

    private static bool Flag(YamlNode? node) => Text(node) is "true" or "True" or "TRUE";

    private static ImmutableArray<string> Texts(YamlNode? node) => node switch
    {
        YamlScalarNode { Value: { Length: > 0 } one } => [one],
        YamlSequenceNode list => [.. list.Children.Select(Text).OfType<string>()],
        _ => [],
    };
}
