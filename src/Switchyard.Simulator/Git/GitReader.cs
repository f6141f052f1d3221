using System.Globalization;
using System.Text;

namespace Switchyard.Simulator.Git;

internal sealed record GitObject(string Sha, string Type, long Size);

internal sealed record GitTreeEntry(string Mode, string Type, string Sha, long? Size, string Path);

internal sealed record GitRef(string Name, string Sha, string Type, string? Peeled);

internal sealed record GitPerson(string Name, string Email, string Date);

internal sealed record GitCommit(string Sha, string Tree, IReadOnlyList<string> Parents, GitPerson Author, GitPerson Committer, string Message);

/// <summary>A changed file; <paramref name="From"/> is the former path of a renamed one.</summary>
internal sealed record GitChange(char Status, string Path, string? From, string Sha, int Added, int Deleted);

/// <summary>Reads one repository by the git command line.</summary>
internal sealed class GitReader(GitCommand git, string folder)
{
    private const string CommitFormat = "--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B";

    /// <summary>The first of several names that is there.</summary>
    public async Task<GitObject?> FirstAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var asked = names.Where(name => !name.Contains('\n', StringComparison.Ordinal)).ToArray();
        var output = await git.RunAsync(folder, ["cat-file", "--batch-check"], cancellationToken, Encoding.UTF8.GetBytes(string.Join('\n', asked) + "\n"));
        foreach (var line in Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts.Length == 3 && IsSha(parts[0]) && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var size))
            {
                return new GitObject(parts[0], parts[1], size);
            }
        }

        return null;
    }

    /// <summary>What a "ref" of the REST API means: a SHA, a branch, a tag or <c>heads/x</c>; the suffix is <c>^{commit}</c> or <c>^{tree}</c>.</summary>
    public Task<GitObject?> ResolveAsync(string name, string suffix, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        if (IsSha(name))
        {
            names.Add(name + suffix);
        }

        names.AddRange([$"refs/heads/{name}{suffix}", $"refs/tags/{name}{suffix}", $"refs/{name}{suffix}"]);
        if (name.StartsWith("refs/", StringComparison.Ordinal) || name == "HEAD" || IsShortSha(name))
        {
            names.Add(name + suffix);
        }

        return FirstAsync(names, cancellationToken);
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        (await git.RunAsync(folder, ["for-each-ref", "--count=1"], cancellationToken)).Length == 0;

    public async Task<IReadOnlyList<GitRef>> RefsAsync(string prefix, CancellationToken cancellationToken)
    {
        var output = await git.TextAsync(folder, ["for-each-ref", "--format=%(objectname) %(objecttype) %(*objectname) %(refname)"], cancellationToken);
        return
        [
            .. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ', 4))
                .Where(parts => parts[3].StartsWith(prefix, StringComparison.Ordinal))
                .Select(parts => new GitRef(parts[3], parts[0], parts[1], parts[2].Length == 0 ? null : parts[2])),
        ];
    }

    public async Task<IReadOnlyList<GitTreeEntry>> TreeAsync(string tree, bool recursive, CancellationToken cancellationToken)
    {
        string[] arguments = recursive ? ["ls-tree", "-z", "-l", "-r", "-t", tree] : ["ls-tree", "-z", "-l", tree];
        var output = await git.RunAsync(folder, arguments, cancellationToken);
        return [.. Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];

        static GitTreeEntry Entry(string line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var parts = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return new GitTreeEntry(parts[0], parts[1], parts[2], long.TryParse(parts[3], CultureInfo.InvariantCulture, out var size) ? size : null, line[(tab + 1)..]);
        }
    }

    public Task<byte[]> BlobAsync(string sha, CancellationToken cancellationToken) => git.RunAsync(folder, ["cat-file", "blob", sha], cancellationToken);

    /// <summary>Commits of a range or single ones, newest first as git lists them.</summary>
    public async Task<IReadOnlyList<GitCommit>> CommitsAsync(CancellationToken cancellationToken, params string[] revisions)
    {
        var output = await git.RunAsync(folder, ["log", "-z", CommitFormat, .. revisions, "--"], cancellationToken);
        var fields = Encoding.UTF8.GetString(output).Split('\0');
        var commits = new List<GitCommit>();
        for (var i = 0; i + 9 < fields.Length; i += 10)
        {
            commits.Add(new GitCommit(
                fields[i], fields[i + 1], fields[i + 2].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                new GitPerson(fields[i + 3], fields[i + 4], fields[i + 5]), new GitPerson(fields[i + 6], fields[i + 7], fields[i + 8]),
                fields[i + 9].TrimEnd('\n')));
        }

        return commits;
    }

    public async Task<GitCommit?> CommitAsync(string sha, CancellationToken cancellationToken) =>
        await CommitsAsync(cancellationToken, "--max-count=1", sha) is [var commit] ? commit : null;

    public async Task<string?> MergeBaseAsync(string left, string right, CancellationToken cancellationToken)
    {
        var (exit, output, _) = await git.TryAsync(folder, ["merge-base", left, right], cancellationToken);
        return exit == 0 ? Encoding.ASCII.GetString(output).Trim() : null;
    }

    public async Task<int> CountAsync(string range, CancellationToken cancellationToken) =>
        int.Parse(await git.TextAsync(folder, ["rev-list", "--count", range], cancellationToken), CultureInfo.InvariantCulture);

    /// <summary>Files that differ, renames found. An empty <paramref name="from"/> stands for the empty tree.</summary>
    public async Task<IReadOnlyList<GitChange>> ChangesAsync(string from, string to, CancellationToken cancellationToken)
    {
        var start = from.Length > 0 ? from : "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
        var raw = await git.RunAsync(folder, ["diff", "-z", "--raw", "--abbrev=40", "-M", start, to], cancellationToken);
        var numbers = await git.RunAsync(folder, ["diff", "-z", "--numstat", "-M", start, to], cancellationToken);
        return GitDiff.Parse(Encoding.UTF8.GetString(raw), Encoding.UTF8.GetString(numbers));
    }

    private static bool IsSha(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    private static bool IsShortSha(string text) => text.Length is >= 7 and < 40 && text.All(char.IsAsciiHexDigitLower);
}
