using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Pulls;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>Starts the workflows that listen to pushes and pull requests, whoever caused them: tokens of Apps do start workflows.</summary>
internal sealed class RunTriggers(World world)
{
    /// <summary>Where the file names no types (docs: events that trigger workflows, pull_request).</summary>
    private static readonly ImmutableArray<string> PullTypes = ["opened", "synchronize", "reopened"];

    /// <summary>The files of the pushed commit decide, not those of the default branch.</summary>
    public async Task PushedAsync(Repository repository, Account pusher, RefUpdate update)
    {
        if (update.Deleted)
        {
            return;
        }

        var files = await world.Workflows.ReadAsync(repository, update.After + "^{commit}", CancellationToken.None);
        // GitHub tries to run a file that it cannot read, and says so by a run that fails at its start.
        var listening = files.Where(file => world.Workflows.Of(repository, file).State == "active").Where(file => !file.Valid || (file.On.GetValueOrDefault("push") is { } trigger && RefPatterns.Pushed(trigger, update.ShortName, update.IsTag))).ToArray();
        if (listening.Length == 0 || await HeadAsync(repository, update.After) is not { } head)
        {
            return;
        }

        foreach (var file in listening)
        {
            world.Engine.Start(new RunStart(repository, world.Workflows.Of(repository, file), file, "push", pusher)
            {
                Head = head,
                Branch = update.ShortName,
                Ref = update.Ref,
                Title = FirstLine(head.Message),
                Payload = new JsonObject { ["ref"] = update.Ref, ["before"] = update.Before, ["after"] = update.After },
            });
        }
    }

    /// <summary>The files of the head decide; its commits are in the base repository, also those of a fork.</summary>
    public async Task PullAsync(PullRequest pull, string action, Account sender)
    {
        foreach (var file in await world.Workflows.ReadAsync(pull.Base, pull.HeadSha, CancellationToken.None))
        {
            if (world.Workflows.Of(pull.Base, file).State != "active"
                || file.On.GetValueOrDefault("pull_request") is not { } trigger
                || !(trigger.Types.IsEmpty ? PullTypes : trigger.Types).Contains(action)
                || !RefPatterns.Matches(trigger.Branches, trigger.BranchesIgnore, pull.BaseBranch))
            {
                continue;
            }

            world.Engine.Start(new RunStart(pull.Base, world.Workflows.Of(pull.Base, file), file, "pull_request", sender)
            {
                Head = pull.Content.Head,
                Branch = pull.HeadBranch,
                Ref = $"refs/pull/{pull.Number}/merge",
                Title = pull.Title,
                Payload = new JsonObject { ["action"] = action, ["number"] = pull.Number },
                HeadRepository = pull.FromFork ? pull.Head : null,
            });
        }
    }

    private async Task<GitCommit?> HeadAsync(Repository repository, string sha) =>
        await new GitReader(world.Git, repository.Folder).CommitAsync(sha, CancellationToken.None);

    private static string FirstLine(string message) => message.Split('\n')[0];
}
