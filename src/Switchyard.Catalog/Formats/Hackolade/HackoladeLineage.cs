using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>The edges to other models (catalogue, section 2.5). Whether the other model exists is for the owner of the catalog to say.</summary>
internal static class HackoladeLineage
{
    public static IReadOnlyList<Link> Read(JsonElement root, string modelPath)
    {
        var folder = RepositoryPath.FolderOf(modelPath);
        var links = new List<Link>();
        var met = new HashSet<Link>();
        void Add(Link link)
        {
            if (links.Count < Bounds.Texts && met.Add(link))
            {
                links.Add(link);
            }
        }

        foreach (var upstream in root.Items("polyglotModelPaths"))
        {
            if (upstream.Words("polyglotModelPath") is { } written)
            {
                Add(new(LinkKind.Polyglot, TargetOf(folder, written), false));
            }
        }

        foreach (var (section, kind) in new[] { ("polyglotDefinitions", LinkKind.Polyglot), ("externalDefinitions", LinkKind.External) })
        {
            foreach (var definition in root.Get(section)?.Items("properties") ?? [])
            {
                if (definition.Words("link") is { } written)
                {
                    Add(new(kind, Target(definition, folder, written), false, definition.Words("fieldRelativePath")));
                }
            }
        }

        return links;
    }

    public static string Target(JsonElement definition, string folder, string written) =>
        definition.Text("kind") == "localPath" ? Link.OutsideTheRepository : TargetOf(folder, written);

    /// <summary>A path in this repository, or <c>owner/repository@branch:path</c> for <c>?g=github&amp;o=&amp;r=&amp;f=&amp;b=</c> (Hackolade docs, Remote references).</summary>
    private static string TargetOf(string folder, string written)
    {
        var query = written.IndexOf('?');
        if (query < 0 || !written.AsSpan(query).Contains("g=github", StringComparison.Ordinal))
        {
            return RepositoryPath.Resolve(folder, written) ?? Link.OutsideTheRepository;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in written[(query + 1)..].Split('&'))
        {
            var equals = pair.IndexOf('=');
            if (equals > 0)
            {
                values[pair[..equals]] = Uri.UnescapeDataString(pair[(equals + 1)..]);
            }
        }

        return values.TryGetValue("o", out var owner) && values.TryGetValue("r", out var repository) && values.TryGetValue("f", out var file)
            ? $"{owner}/{repository}{(values.TryGetValue("b", out var branch) ? "@" + branch : "")}:{file}"
            : Link.OutsideTheRepository;
    }
}
