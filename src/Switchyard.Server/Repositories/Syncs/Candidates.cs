using Switchyard.Catalog;
using Switchyard.Catalog.Ignore;
using Switchyard.GitHub.Git;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>Which paths may be models: by name, and not left out by the ignore file.</summary>
internal sealed class Candidates(IgnoreFile ignore)
{
    private const string FolderMarker = "MLmodel";

    /// <summary>Characters; a longer path fits no index of PostgreSQL (2,704 bytes), and no file system of ours writes it.</summary>
    public const int LongestPath = 800;

    /// <summary>A change touched a path that is left out: the counts of what is left out may be others now.</summary>
    public bool MetLeftOut { get; private set; }

    public ModelCandidate? Find(string path)
    {
        if (ModelCatalog.Recognize(path) is not { } candidate)
        {
            return null;
        }

        if (path.Length <= LongestPath && !Decide(path).Ignored)
        {
            return candidate;
        }

        MetLeftOut = true;
        return null;
    }

    /// <summary>Whether a model at the path is left out; a folder is when the file that makes it a model is.</summary>
    public bool IsIgnored(string modelPath, ModelKind kind) =>
        Decide(kind == ModelKind.File ? modelPath : Join(modelPath, FolderMarker)).Ignored;

    /// <summary>What leaves a path out that could be a model of its own; null where nothing does.</summary>
    public IgnoreDecision? LeftOut(string path) => MayBeModel(path) && Decide(path) is { Ignored: true } decision ? decision : null;

    /// <summary>Nothing leaves the path out, and yet it is too long to be kept.</summary>
    public bool IsTooLong(string path) => path.Length > LongestPath && MayBeModel(path) && !Decide(path).Ignored;

    private static bool MayBeModel(string path) => ModelCatalog.Recognize(path) is { } candidate && (candidate.Kind == ModelKind.File || candidate.Certain);

    /// <summary>By the bytes that git has: the text of a path may be escaped.</summary>
    private IgnoreDecision Decide(string path) => path.Contains(@"\x", StringComparison.Ordinal) ? ignore.Decide(GitPath.ToBytes(path)) : ignore.Decide(path);

    private static string Join(string folder, string name) => folder.Length == 0 ? name : folder + "/" + name;
}
