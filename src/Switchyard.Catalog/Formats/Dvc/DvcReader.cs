using System.Text;
using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Dvc;

/// <summary>Reads DVC files: what is tracked, which stages there are, the names of remotes and never their credentials.</summary>
internal static class DvcReader
{
    /// <summary>Reads <c>*.dvc</c>, <c>dvc.yaml</c> or <c>dvc.lock</c>; null when it tracks nothing.</summary>
    public static Model? Read(JsonElement root, ModelFile file, ReadingContext context)
    {
        var outputs = Tracked(root, "outs");
        var inputs = Tracked(root, "deps");
        var stages = root.Members("stages").Select(stage => stage.Name).ToList();
        if (outputs.Count == 0 && inputs.Count == 0 && stages.Count == 0 && root.Get("artifacts") is null)
        {
            return null;
        }

        var folder = RepositoryPath.FolderOf(file.Path);
        var name = RepositoryPath.NameOf(file.Path);
        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Dvc,
            Name = name.EndsWith(".dvc", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name,
            Target = "DVC",
            Status = context.Status,
            Facts = new FactList()
                .Add("outs", Json(outputs))
                .Add("deps", Json(inputs))
                .Add("stages", stages)
                .Add("artifacts", [.. root.Members("artifacts").Select(artifact => artifact.Name)])
                .ToFields(),
            Links = [.. inputs.Select(input => new Link(LinkKind.Source, TargetOf(folder, input["path"]), false)).Distinct()],
            Problems = context.Problems,
        };
    }

    /// <summary>Reads <c>.dvc/config</c>, an INI file: sections <c>['remote "name"']</c>.</summary>
    public static Model? ReadConfig(ModelFile file)
    {
        if (PlainText.Decode(file.Bytes) is not { } text)
        {
            return null;
        }

        var remotes = new List<string>();
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("['remote ", StringComparison.Ordinal)))
        {
            var quoted = line.Split('"');
            if (quoted.Length >= 3)
            {
                remotes.Add(quoted[1]);
            }
        }

        return new()
        {
            Path = file.Path,
            Format = ModelFormat.Dvc,
            Name = file.Path,
            Target = "DVC",
            Facts = new FactList().Add("remotes", remotes).ToFields(),
        };
    }

    private static List<SortedDictionary<string, string>> Tracked(JsonElement root, string list)
    {
        var tracked = new List<SortedDictionary<string, string>>();
        foreach (var item in root.Items(list))
        {
            if (item.Scalar("path") is not { } path)
            {
                continue;
            }

            var facts = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["path"] = WithoutUser(path) };
            foreach (var name in new[] { "md5", "etag", "checksum", "size", "nfiles", "hash" })
            {
                if (item.Scalar(name) is { } value)
                {
                    facts[name] = value;
                }
            }

            tracked.Add(facts);
        }

        return tracked;
    }

    /// <summary>A URL may carry a user name and a password; they are nobody's business.</summary>
    private static string WithoutUser(string path)
    {
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        var at = path.IndexOf('@');
        return scheme > 0 && at > scheme ? path[..(scheme + 3)] + path[(at + 1)..] : path;
    }

    private static string TargetOf(string folder, string path) =>
        path.Contains("://", StringComparison.Ordinal) ? path : RepositoryPath.Resolve(folder, path) ?? Link.OutsideTheRepository;

    private static JsonElement Json(List<SortedDictionary<string, string>> list) =>
        JsonElement.Parse(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(list)));
}
