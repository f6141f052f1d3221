using System.Text.Json.Nodes;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Faults;

/// <summary>Switches that do something when set, and what clearing one undoes.</summary>
internal sealed class FaultActions(World world)
{
    private static readonly string[] OddBranches = ["feature/a#b", "release/100%", "größe/ünï-模型", "plus+and&eq=semi;quote'", "same-name"];

    public async Task RunAsync(string name, FaultArguments arguments, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "deliveries.redeliver":
                var guid = arguments.Text("guid");
                world.Deliveries.Redeliver(world.Deliveries.Log.All.LastOrDefault(attempt => attempt.Event.Guid == guid)
                    ?? throw new ArgumentException($"No delivery has the GUID {guid}."));
                break;
            case "installation.suspend":
                Each(arguments, world.Installations.Suspend);
                break;
            case "installation.reinstall":
                Each(arguments, installation => world.Installations.Reinstall(installation));
                break;
            case "repo.rename":
                world.Repositories.Rename(Repository(arguments), Required(arguments, "name"));
                break;
            case "repo.transfer":
                world.Repositories.Transfer(Repository(arguments), world.Accounts.Ensure(Required(arguments, "owner")));
                break;
            case "repo.recreate":
                await world.Repositories.RecreateAsync(Repository(arguments), arguments.Text("source"), cancellationToken);
                break;
            case "repo.archive":
                world.Repositories.Archive(Repository(arguments), archived: true);
                break;
            case "checks.rerun":
                await new CheckTriggers(world).RerunAsync(Repository(arguments), arguments.Text("sha"), arguments.Text("name"), arguments.Text("conclusion"), cancellationToken);
                break;
            default:
                await PushAsync(name, arguments, Repository(arguments), cancellationToken);
                break;
        }
    }

    public Task UndoAsync(string name, FaultArguments arguments, CancellationToken cancellationToken)
    {
        switch (name)
        {
            case "installation.suspend":
                Each(arguments, world.Installations.Unsuspend);
                break;
            case "repo.archive" when world.Repositories.Find(Required(arguments, "repository")) is { } repository:
                world.Repositories.Archive(repository, archived: false);
                break;
            case "deliveries.delay" or "deliveries.shuffle":
                world.Deliveries.Tick();
                break;
            default:
                break;
        }

        return Task.CompletedTask;
    }

    private Task PushAsync(string name, FaultArguments arguments, Repository repository, CancellationToken cancellationToken)
    {
        var branch = arguments.Text("branch") ?? repository.DefaultBranch;
        Task GitAsync(params string[] command) => world.Git.RunAsync(repository.Folder, command, cancellationToken);
        Func<Task> change = name switch
        {
            "push.delete" => () => GitAsync("update-ref", "-d", "refs/heads/" + Required(arguments, "branch")),
            "push.create" => () => GitAsync("branch", Required(arguments, "branch"), arguments.Text("from") ?? repository.DefaultBranch),
            "push.force" when arguments.Text("mode") == "diverge" => () => DivergeAsync(repository, branch, arguments.Int("commits", 1), cancellationToken),
            "push.force" => () => GitAsync("update-ref", "refs/heads/" + branch, $"refs/heads/{branch}~{arguments.Int("commits", 1)}"),
            "push.tag" when arguments.Flag("annotated", otherwise: true) => () => GitAsync("tag", "-a", "-m", "An annotated tag", arguments.Text("name") ?? "v1", "refs/heads/" + branch),
            "push.tag" => () => GitAsync("tag", arguments.Text("name") ?? "v1", "refs/heads/" + branch),
            "repo.oddNames" => async () =>
            {
                foreach (var odd in OddBranches)
                {
                    await GitAsync("update-ref", "refs/heads/" + odd, "refs/heads/" + branch);
                }

                await GitAsync("tag", "same-name", "refs/heads/" + branch);
                await GitAsync("tag", "-a", "-m", "odd", "v1/ü#%", "refs/heads/" + branch);
            },
            _ => throw new ArgumentException($"The switch {name} does nothing by itself."),
        };
        return RunGitAsync(repository, change, cancellationToken);
    }

    private async Task RunGitAsync(Repository repository, Func<Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await new RefChanges(world).ApplyAsync(repository, world.Developer, change, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }

    private Task<string> DivergeAsync(Repository repository, string branch, int commits, CancellationToken cancellationToken) =>
        new GitWriter(world).CommitAsync(
            repository,
            new JsonObject
            {
                ["branch"] = branch,
                ["parent"] = $"refs/heads/{branch}~{commits}",
                ["force"] = true,
                ["message"] = "History rewritten",
                ["files"] = new JsonObject { ["rewritten.txt"] = "This branch was forced.\n" },
            },
            cancellationToken);

    private void Each(FaultArguments arguments, Action<Installation> act)
    {
        var wanted = arguments.Has("installation") ? arguments.Long("installation", 0) : (long?)null;
        foreach (var installation in world.Installations.All.Where(candidate => !candidate.Deleted && (wanted is null || candidate.Id == wanted)))
        {
            act(installation);
        }
    }

    private Repository Repository(FaultArguments arguments)
    {
        var name = Required(arguments, "repository");
        return world.Repositories.Find(name) ?? throw new ArgumentException($"No repository is called {name}.");
    }

    private static string Required(FaultArguments arguments, string name) =>
        arguments.Text(name) ?? throw new ArgumentException($"The argument '{name}' is missing.");
}
