using System.Globalization;
using System.Text;
using Switchyard.Tests.GitHub.Git;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>Contents and commits for histories made in tests.</summary>
internal static class Files
{
    /// <summary>A Hackolade model with one entity a name.</summary>
    public static string Hackolade(string name, params string[] entities) =>
        $$"""
        {"modelName":"{{name}}","appTarget":"MONGODB","persistenceSchemaVersion":"8","buckets":[],"collections":[{{string.Join(
            ',', entities.Select((entity, i) => $$"""{"GUID":"e{{i}}","collectionName":"{{entity}}","type":"object","properties":[{"GUID":"a{{i}}","name":"id","type":"string"}]}"""))}}],"relationships":[],"views":[]}
        """;

    public const string MlModel =
        """
        flavors:
          sklearn:
            sklearn_version: 1.4.0
        run_id: 0123456789abcdef
        utc_time_created: '2026-01-01 00:00:00.000000'
        """;

    /// <summary>Makes a commit from <c>path -> text</c>; null removes.</summary>
    public static string Commit(this SourceRepository source, params (string Path, string? Text)[] files) =>
        source.Commit("main", "Change", files.ToDictionary(file => file.Path, file => file.Text is null ? null : Encoding.UTF8.GetBytes(file.Text), StringComparer.Ordinal));

    /// <summary>Makes a commit with modes as git knows them: 100755, 120000 (the text is the target), 160000 (the text is a commit).</summary>
    public static string CommitModes(this SourceRepository source, params (string Mode, string Path, string Text)[] files)
    {
        var stream = new StringBuilder();
        stream.Append("commit refs/heads/main\ncommitter Bob <bob@acme.test> 1790100000 +0000\ndata 5\nModes\n");
        if (source.Sha("main") is { } parent)
        {
            stream.Append(CultureInfo.InvariantCulture, $"from {parent}\n");
        }

        foreach (var (mode, path, text) in files)
        {
            stream.Append(mode == "160000"
                ? $"M {mode} {text} {path}\n"
                : $"M {mode} inline {path}\ndata {Encoding.UTF8.GetByteCount(text).ToString(CultureInfo.InvariantCulture)}\n{text}\n");
        }

        source.Git(["fast-import", "--quiet", "--force"], Encoding.UTF8.GetBytes(stream.ToString()));
        return source.Sha("main")!;
    }

    /// <summary>Makes a chain of commits that each change the file, by one process.</summary>
    public static void ImportChain(this SourceRepository source, string path, int commits)
    {
        var stream = new StringBuilder();
        for (var i = 1; i <= commits; i++)
        {
            var text = Hackolade("Chain", "e" + i.ToString(CultureInfo.InvariantCulture));
            stream.Append(CultureInfo.InvariantCulture, $"commit refs/heads/main\ncommitter Bob <bob@acme.test> {1790200000 + i} +0000\ndata 5\nChain\n");
            stream.Append(CultureInfo.InvariantCulture, $"M 100644 inline {path}\ndata {Encoding.UTF8.GetByteCount(text)}\n{text}\n");
        }

        source.Git(["fast-import", "--quiet", "--force"], Encoding.UTF8.GetBytes(stream.ToString()));
    }
}
