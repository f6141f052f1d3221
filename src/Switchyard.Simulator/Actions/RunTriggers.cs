using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>Starts the workflows that listen to pushes and pull requests, whoever caused them: tokens of Apps do start workflows.</summary>
internal sealed class RunTriggers(World world)
{
    /// <summary>The files of the pushed commit decide, not those of the default branch.</summary>
    public async Task PushedAsync(Repository repository, Account pusher, RefUpdate update)
    {
        if (update.Deleted)
        {
            return;
        }

        var files = await world.Workflows.ReadAsync(repository, update.After + "^{commit}", CancellationToken.None);
        // GitHub tries to run a file that it cannot read, and says so by a run that fails at its start.
        var listening = files.Where(file => !file.Valid || (file.On.GetValueOrDefault("push") is { } trigger && RefPatterns.Pushed(trigger, update.ShortName, update.IsTag))).ToArray();
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

    private async Task<GitCommit?> HeadAsync(Repository repository, string sha) =>
        await new GitReader(world.Git, repository.Folder).CommitAsync(sha, CancellationToken.None);

    private static string FirstLine(string message) => message.Split('\n')[0];
}
