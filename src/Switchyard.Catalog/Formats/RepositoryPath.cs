namespace Switchyard.Catalog.Formats;

/// <summary>Paths written in model files. They name places in the repository and never reach a disk.</summary>
internal static class RepositoryPath
{
    public static string FolderOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path[..slash];
    }

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    /// <summary>Resolves a path written in a file of <paramref name="folder"/>; null when it leaves the repository or is no relative path.</summary>
    public static string? Resolve(string folder, string written)
    {
        var path = written.Replace('\\', '/');
        if (path.Length is 0 or > 4096 || path[0] is '/' or '~' || path.Contains(':') || path.Contains('\0'))
        {
            return null;
        }

        var steps = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in path.Split('/'))
        {
            switch (step)
            {
                case "" or ".":
                    break;
                case "..":
                    if (steps.Count == 0)
                    {
                        return null;
                    }

                    steps.RemoveAt(steps.Count - 1);
                    break;
                default:
                    steps.Add(step);
                    break;
            }
        }

        return steps.Count == 0 ? null : string.Join('/', steps);
    }
}
