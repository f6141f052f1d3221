using System.Text.Json;
using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.Catalog;

/// <summary>A shared bundle, cloned once for all tests of a class, with the figures that are expected of it.</summary>
public sealed class FixtureRepositories : IDisposable
{
    private readonly Dictionary<string, string> clones = new(StringComparer.Ordinal);
    private readonly string root = Directory.CreateTempSubdirectory("switchyard-catalog-").FullName;

    /// <param name="name">The name of the bundle without extension.</param>
    internal string Clone(string name)
    {
        if (!clones.TryGetValue(name, out var folder))
        {
            var bundle = SharedFolder.Require($"fixtures/models/{name}.bundle");
            folder = Path.Combine(root, name);
            GitCommand.Run(root, null, "clone", "-q", bundle, folder);
            clones[name] = folder;
        }

        return folder;
    }

    internal static JsonElement Expected(string name)
    {
        var all = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Require("fixtures/models/expected.json"))).RootElement;
        return all.GetProperty("repositories").EnumerateArray().Single(each => each.GetProperty("repository").GetString() == $"hackolade/{name}");
    }

    /// <summary>The files at the head, with their blob ids.</summary>
    internal List<(string Path, string Blob)> Tree(string name)
    {
        var listing = GitCommand.Text(Clone(name), "ls-tree", "-r", "-z", "HEAD");
        return
        [
            .. listing.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t', 2))
                .Select(parts => (parts[1], parts[0].Split(' ')[2])),
        ];
    }

    internal byte[] Blob(string name, string id) => GitCommand.Run(Clone(name), null, "cat-file", "blob", id);

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(root, recursive: true);
    }
}
