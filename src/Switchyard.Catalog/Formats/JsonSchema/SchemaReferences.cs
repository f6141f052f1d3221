namespace Switchyard.Catalog.Formats.JsonSchema;

/// <summary>Makes relationships and links of the references met while reading schemas.</summary>
internal static class SchemaReferences
{
    /// <summary>References between the entities of one file, one for each place that refers.</summary>
    public static List<Relationship> Relationships(IReadOnlyList<(string Pointer, string Target)> references, IEnumerable<Entity> entities)
    {
        var ids = entities.Select(entity => entity.Id).ToHashSet(StringComparer.Ordinal);
        var relationships = new List<Relationship>();
        foreach (var (pointer, target) in references)
        {
            var id = target == "#" ? "#" : target.TrimStart('#');
            if (!target.StartsWith('#') || !ids.Contains(id) || OwnerOf(pointer, ids) is not { } owner)
            {
                continue;
            }

            relationships.Add(new()
            {
                Id = pointer,
                IdKind = IdKind.Pointer,
                Kind = RelationshipKind.Reference,
                From = new(id, true, [], null),
                To = new(owner, true, [pointer], null),
            });
        }

        return relationships;
    }

    /// <summary>References to other files of the repository, each once.</summary>
    public static List<Link> Links(IReadOnlyList<(string Pointer, string Target)> references, string modelPath)
    {
        var folder = RepositoryPath.FolderOf(modelPath);
        return
        [
            .. references.Select(reference => reference.Target)
                .Where(target => target.Length > 0 && target[0] != '#')
                .Distinct(StringComparer.Ordinal)
                .Select(target => LinkOf(folder, target)),
        ];
    }

    private static Link LinkOf(string folder, string target)
    {
        var hash = target.IndexOf('#');
        var (file, pointer) = hash < 0 ? (target, null) : (target[..hash], target[hash..]);
        return file.Contains("://", StringComparison.Ordinal)
            ? new(LinkKind.External, file, false, pointer)
            : new(LinkKind.Ref, RepositoryPath.Resolve(folder, file) ?? Link.OutsideTheRepository, false, pointer);
    }

    /// <summary>The entity whose pointer is the longest beginning of this one.</summary>
    private static string? OwnerOf(string pointer, HashSet<string> ids)
    {
        for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
        {
            if (ids.Contains(pointer[..end]))
            {
                return pointer[..end];
            }
        }

        return ids.Contains("#") ? "#" : null;
    }
}
