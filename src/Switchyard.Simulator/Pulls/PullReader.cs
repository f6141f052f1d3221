using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>Brings the head of a pull request into the base repository, and reads what it changes.</summary>
internal sealed class PullReader(World world)
{
    /// <summary>Null: one of the branches is not there.</summary>
    public async Task<PullContent?> ReadAsync(Repository target, string baseBranch, Repository source, string headBranch, CancellationToken cancellationToken)
    {
        var reader = new GitReader(world.Git, target.Folder);
        if (await reader.FirstAsync([$"refs/heads/{baseBranch}^{{commit}}"], cancellationToken) is not { } baseTip
            || await new GitReader(world.Git, source.Folder).FirstAsync([$"refs/heads/{headBranch}^{{commit}}"], cancellationToken) is not { } headTip)
        {
            return null;
        }

        if (source != target)
        {
            await world.Git.RunAsync(target.Folder, ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", source.Folder, headTip.Sha], cancellationToken);
        }

        var from = await reader.MergeBaseAsync(baseTip.Sha, headTip.Sha, cancellationToken) ?? "";
        return new PullContent(
            (await reader.CommitAsync(headTip.Sha, cancellationToken))!,
            baseTip.Sha,
            await reader.CountAsync($"{baseTip.Sha}..{headTip.Sha}", cancellationToken),
            await reader.ChangesAsync(from, headTip.Sha, cancellationToken));
    }

    /// <summary>Makes the commits fetchable from the base repository, where they stay when the fork is gone.</summary>
    public Task PublishAsync(Repository target, int number, string sha) =>
        world.Git.RunAsync(target.Folder, ["update-ref", $"refs/pull/{number}/head", sha], CancellationToken.None);

    /// <summary>Whether a commit is one of those that the pull request would bring, or has brought.</summary>
    public async Task<bool> BringsAsync(PullRequest pull, string sha, CancellationToken cancellationToken)
    {
        if (sha == pull.HeadSha || sha == pull.MergeCommit)
        {
            return true;
        }

        async Task<bool> IsInAsync(string tip) => (await world.Git.TryAsync(pull.Base.Folder, ["merge-base", "--is-ancestor", sha, tip], cancellationToken)).Exit == 0;
        return await IsInAsync(pull.HeadSha) && !await IsInAsync(pull.Content.BaseSha);
    }
}
