using Switchyard.Cli.Output;

namespace Switchyard.Cli.Git;

/// <summary>
/// The words behind <c>switchyard clone</c>: which repository, which folder, and what git gets as it stands. To find the
/// repository among them one must know which options of git take a word of their own.
/// </summary>
internal sealed record CloneLine(string Repository, string? Folder, IReadOnlyList<string> GitOptions)
{
    private static readonly HashSet<string> WithValue = new(StringComparer.Ordinal)
    {
        "-b", "--branch", "-o", "--origin", "-u", "--upload-pack", "-j", "--jobs", "-c", "--config", "--depth", "--shallow-since", "--shallow-exclude",
        "--reference", "--reference-if-able", "--separate-git-dir", "--template", "--filter", "--bundle-uri", "--server-option", "--revision", "--ref-format",
    };

    public static CloneLine Parse(IReadOnlyList<string> words)
    {
        var options = new List<string>();
        var names = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                names.Add(words[i]);
                continue;
            }

            options.Add(words[i]);
            if (WithValue.Contains(words[i]) && i + 1 < words.Count)
            {
                options.Add(words[++i]);
            }
        }

        return names switch
        {
            [var repository] => new CloneLine(repository, null, options),
            [var repository, var folder] => new CloneLine(repository, folder, options),
            [] => throw CommandProblem.Usage("Say which repository: clone owner/name [folder] [options of git clone]."),
            _ => throw CommandProblem.Usage($"One repository and at most one folder can be given, not \"{string.Join(' ', names)}\"."),
        };
    }

    /// <summary>The folder that git will make.</summary>
    public string FolderOf(string repositoryName) => Folder ?? (GitOptions.Contains("--bare") || GitOptions.Contains("--mirror") ? repositoryName + ".git" : repositoryName);
}
