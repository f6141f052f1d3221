using System.Globalization;
using System.Text;
using Switchyard.Simulator.Git;

namespace Switchyard.Simulator.Repositories;

/// <summary>Makes the bare repository of a <see cref="SimulatedRepository"/> from whatever its source is.</summary>
internal sealed class RepositoryLoader(GitCommand git, TimeProvider time)
{
    public async Task LoadAsync(Repository repository, SimulatedRepository wanted, CancellationToken cancellationToken)
    {
        var folder = repository.Folder;
        if (Directory.Exists(folder))
        {
            // Left by an earlier run in the same data folder; nothing of that run is remembered.
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await git.RunAsync(folder, ["init", "--quiet", "--bare", "."], cancellationToken);
        if (wanted.Source is not null)
        {
            var source = Path.GetFullPath(wanted.Source);
            if (!Path.Exists(source))
            {
                throw new RepositorySourceException($"The source of {wanted.FullName} does not exist: {source}");
            }

            if (File.Exists(source) || Path.Exists(Path.Combine(source, ".git")) || IsBare(source))
            {
                await CopyAsync(folder, wanted.FullName, source, cancellationToken);
            }
            else
            {
                await CommitFilesAsync(folder, source, wanted.DefaultBranch ?? "main", cancellationToken);
            }
        }

        repository.DefaultBranch = wanted.DefaultBranch ?? await BranchOfHeadAsync(folder, wanted.Source, cancellationToken);
        await git.RunAsync(folder, ["symbolic-ref", "HEAD", "refs/heads/" + repository.DefaultBranch], cancellationToken);
        if (wanted.StartAt is not null)
        {
            await git.RunAsync(folder, ["update-ref", "refs/heads/" + repository.DefaultBranch, wanted.StartAt], cancellationToken);
        }
    }

    private static bool IsBare(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

    private async Task CopyAsync(string folder, string fullName, string source, CancellationToken cancellationToken)
    {
        try
        {
            await git.RunAsync(folder, ["fetch", "--quiet", "--no-write-fetch-head", "--update-head-ok", source, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], cancellationToken);
        }
        catch (IOException refused)
        {
            throw new RepositorySourceException(
                $"git cannot read the source of {fullName}, {source}. It must be a git repository (a clone or a bare one), a bundle made by git bundle, or a folder of files. {refused.Message.Split('\n')[0]}", refused);
        }
    }

    private async Task CommitFilesAsync(string folder, string source, string branch, CancellationToken cancellationToken)
    {
        var when = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + " +0000";
        var environment = new Dictionary<string, string>
        {
            ["GIT_DIR"] = folder,
            ["GIT_WORK_TREE"] = source,
            ["GIT_INDEX_FILE"] = Path.Combine(folder, "load.index"),
            ["GIT_AUTHOR_DATE"] = when,
            ["GIT_COMMITTER_DATE"] = when,
        };
        await git.RunAsync(source, ["add", "--all", "--force", "."], cancellationToken, environment: environment);
        var tree = Encoding.ASCII.GetString(await git.RunAsync(source, ["write-tree"], cancellationToken, environment: environment)).Trim();
        var commit = Encoding.ASCII.GetString(await git.RunAsync(source, ["commit-tree", tree, "-m", "Initial commit"], cancellationToken, environment: environment)).Trim();
        await git.RunAsync(folder, ["update-ref", "refs/heads/" + branch, commit], cancellationToken);
        File.Delete(Path.Combine(folder, "load.index"));
    }

    /// <summary>The branch the source's HEAD names; a bundle tells only the commit, so a branch with that commit is taken, main and master first.</summary>
    private async Task<string> BranchOfHeadAsync(string folder, string? source, CancellationToken cancellationToken)
    {
        var heads = (await git.TextAsync(folder, ["for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads"], cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).ToArray();
        if (heads.Length == 0 || source is null)
        {
            return "main";
        }

        var (_, listed, _) = await git.TryAsync(folder, ["ls-remote", "--symref", Path.GetFullPath(source), "HEAD"], cancellationToken);
        var lines = Encoding.UTF8.GetString(listed).Split('\n');
        const string Prefix = "ref: refs/heads/";
        if (lines[0].StartsWith(Prefix, StringComparison.Ordinal))
        {
            var named = lines[0][Prefix.Length..].Split('\t')[0];
            if (heads.Any(head => head[1] == named))
            {
                return named;
            }
        }

        var commit = lines.FirstOrDefault(line => line.EndsWith("\tHEAD", StringComparison.Ordinal))?.Split('\t')[0];
        var candidates = heads.Where(head => commit is null || head[0] == commit).DefaultIfEmpty(heads[0]).Select(head => head[1]).ToArray();
        return candidates.FirstOrDefault(name => name == "main") ?? candidates.FirstOrDefault(name => name == "master") ?? candidates[0];
    }
}
