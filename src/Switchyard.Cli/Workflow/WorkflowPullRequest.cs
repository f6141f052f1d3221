using System.Text;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Workflow;

/// <summary>A branch, a commit with the file and a pull request, through the API.</summary>
internal sealed class WorkflowPullRequest(DirectRepository repository)
{
    public async Task<PullRequest> OpenAsync(string path, string text, bool replace, bool isSource, CancellationToken cancellation)
    {
        var (owner, name, files) = (repository.Owner, repository.Name, repository.Api.Files);
        var replaced = await files.GetBlobShaAsync(owner, name, path, repository.DefaultBranch, cancellation);
        if (replaced is not null && !replace)
        {
            throw new CommandProblem(
                ExitCode.Conflict, "FileExists", $"{path} exists already on {repository.DefaultBranch} of {repository.FullName}, and was not changed. Give another name by --file, or replace it with --force.");
        }

        var head = await files.GetCommitAsync(owner, name, repository.DefaultBranch, cancellation)
            ?? throw CommandProblem.NotFound($"{repository.FullName} has no branch {repository.DefaultBranch}.");
        var branch = "switchyard/" + Path.GetFileNameWithoutExtension(path);
        await BranchAsync(branch, head.Sha, cancellation);
        var title = $"{(replaced is null ? "Add" : "Replace")} {path}";
        await files.PutFileAsync(owner, name, new FileDraft(path, Encoding.UTF8.GetBytes(text), title, branch, replaced), cancellation);
        return await repository.Api.PullRequests.CreateAsync(
            owner,
            name,
            new PullRequestDraft(title, branch, repository.DefaultBranch)
            {
                Body = isSource
                    ? "A starter workflow of `switchyard workflow init --source`: it tells another repository of each push. Edit what it names in capitals before it is merged."
                    : "A starter workflow of `switchyard workflow init`: other repositories can start it by `workflow_dispatch` and `repository_dispatch`. Put your steps in before it is merged.",
            },
            cancellation);
    }

    private async Task BranchAsync(string branch, string sha, CancellationToken cancellation)
    {
        try
        {
            await repository.Api.Files.CreateRefAsync(repository.Owner, repository.Name, "refs/heads/" + branch, sha, cancellation);
        }
        catch (GitHubException taken) when (taken is { Status: 422 or 409 } && taken.GitHubMessage?.Contains("already exists", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new CommandProblem(
                ExitCode.Conflict,
                "BranchExists",
                $"{repository.FullName} has a branch {branch} already, probably of an earlier pull request. Merge or delete it, or give the file another name by --file.",
                new NextStep("The branch", Href: repository.Page($"tree/{branch}")));
        }
    }
}
