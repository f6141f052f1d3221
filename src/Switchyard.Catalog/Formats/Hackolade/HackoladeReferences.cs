using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Finds what a reference refers to inside the file (catalogue, section 2.5). Indexes are made when first needed.</summary>
internal sealed class HackoladeReferences(JsonElement root, ReadingContext context)
{
    private static readonly string[] Sections = ["polyglotDefinitions", "externalDefinitions", "definitions"];

    private HashSet<string>? known;
    private Dictionary<string, JsonElement>? snapshots;

    /// <summary>The embedded copy of a referenced entity: polyglot, then external, then own definitions, by GUID.</summary>
    public JsonElement? Snapshot(string guid)
    {
        if (snapshots is null)
        {
            snapshots = new(StringComparer.Ordinal);
            foreach (var definition in Sections.SelectMany(section => root.Get(section)?.Items("properties") ?? []))
            {
                if (definition.Words("GUID") is { } id)
                {
                    snapshots.TryAdd(id, definition);
                }
            }
        }

        return snapshots.TryGetValue(guid, out var found) ? found : null;
    }

    /// <summary>Tells when an attribute refers to nothing in this file. It is shown as a link and never expanded: definitions may be recursive.</summary>
    public void Check(JsonElement element, string name)
    {
        var path = element.Text("$ref");
        if (element.Words("ref") is { } guid && (known ??= KnownIds()).Contains(guid) || path is not null && FollowsPath(path))
        {
            return;
        }

        context.Note(ProblemCode.ReferenceUnresolved, $"The attribute '{name}' refers to '{path ?? "nothing"}', which is not in this file.");
    }

    private HashSet<string> KnownIds()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in Sections)
        {
            Collect(root.Get(section)?.Get("properties"), ids);
        }

        foreach (var entity in root.Items("collections"))
        {
            AddId(entity, ids);
            Collect(entity.Get("definitions")?.Get("properties"), ids);
        }

        return ids;
    }

    private static void Collect(JsonElement? properties, HashSet<string> ids)
    {
        foreach (var node in properties?.AsItems() ?? [])
        {
            AddId(node, ids);
            Collect(node.Get("properties"), ids);
        }
    }

    private static void AddId(JsonElement node, HashSet<string> ids)
    {
        if (node.Words("GUID") is { } id)
        {
            ids.Add(id);
        }
    }

    /// <summary>Follows <c>#model/definitions/schemas/Customer</c> by name.</summary>
    private bool FollowsPath(string path)
    {
        const string Prefix = "#model/definitions/";
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var at = root.Get("definitions");
        foreach (var step in path[Prefix.Length..].Split('/'))
        {
            if (at?.Items("properties").Where(node => node.Text("name") == step).Cast<JsonElement?>().FirstOrDefault() is not { } next)
            {
                return false;
            }

            at = next;
        }

        return true;
    }
}
