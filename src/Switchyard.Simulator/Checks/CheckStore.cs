using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>Check suites and check runs by commit. What changes them holds <see cref="World.Acts"/>, so that deliveries leave in the order of the facts.</summary>
internal sealed class CheckStore(World world)
{
    /// <summary>Above it GitHub deletes the oldest (OpenAPI: checks/create).</summary>
    private const int MostOfOneName = 1000;
    private readonly ConcurrentDictionary<long, CheckSuite> suites = new();
    private readonly ConcurrentDictionary<long, CheckRun> runs = new();
    private readonly ConcurrentDictionary<(long Repository, string Sha), List<CheckSuite>> byCommit = new();

    public CheckJson Render { get; } = new(world);

    public CheckEvents Events { get; } = new(world);

    public CheckSuite? FindSuite(Repository repository, long id) => suites.TryGetValue(id, out var found) && found.Repository == repository ? found : null;

    public CheckRun? FindRun(Repository repository, long id) => runs.TryGetValue(id, out var found) && found.Suite.Repository == repository ? found : null;

    public CheckRun? FindRun(long id) => runs.GetValueOrDefault(id);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<CheckSuite> Of(Repository repository, string sha)
    {
        lock (world.Acts)
        {
            return byCommit.TryGetValue((repository.Id, sha), out var found) ? [.. found] : [];
        }
    }

    /// <summary>The suite of an App on a commit that is known by its SHA only; its branch is the one that has it as its tip.</summary>
    public async Task<CheckSuite?> SuiteAsync(Repository repository, App app, string sha, CancellationToken cancellationToken)
    {
        var reader = new GitReader(world.Git, repository.Folder);
        if (await reader.ResolveAsync(sha, "^{commit}", cancellationToken) is not { } found || await reader.CommitAsync(found.Sha, cancellationToken) is not { } head)
        {
            return null;
        }

        var branch = (await reader.RefsAsync("refs/heads/", cancellationToken)).FirstOrDefault(branch => branch.Sha == head.Sha)?.Name["refs/heads/".Length..];
        return Suite(repository, app, head, branch);
    }

    /// <summary>The suite of an App on a commit, made when it is not there. GitHub Actions gets a new one for each run.</summary>
    public CheckSuite Suite(Repository repository, App app, GitCommit head, string? branch, string? before = null, bool always = false)
    {
        lock (world.Acts)
        {
            var present = byCommit.GetOrAdd((repository.Id, head.Sha), _ => []);
            if (!always && present.FirstOrDefault(suite => suite.App == app && suite.OwnStatus is null) is { } found)
            {
                return found;
            }

            var made = new CheckSuite
            {
                Id = world.NextId(),
                Repository = repository,
                App = app,
                Head = head,
                HeadBranch = branch,
                Before = before,
                CreatedAt = world.Clock.Now,
                UpdatedAt = world.Clock.Now,
            };
            present.Add(made);
            suites[made.Id] = made;
            return made;
        }
    }

    /// <summary>Makes a check run and tells it: created, and completed when it is over already.</summary>
    public CheckRun Add(CheckSuite suite, string name, Account sender, Action<CheckRun>? fill = null)
    {
        lock (world.Acts)
        {
            var now = world.Clock.Now;
            var run = new CheckRun { Id = world.NextId(), Suite = suite, Name = name, CreatedAt = now, StartedAt = now };
            fill?.Invoke(run);
            suite.Runs.Add(run);
            if (suite.Runs.Where(other => other.Name == name).Take(MostOfOneName + 1).ToArray() is { Length: > MostOfOneName } same)
            {
                suite.Runs.Remove(same[0]);
                runs.TryRemove(same[0].Id, out _);
            }

            runs[run.Id] = run;
            Effect("check_run", run);
            Events.Run(run, "created", sender);
            if (run.Status == "completed")
            {
                Completed(run, sender);
            }

            return run;
        }
    }

    /// <summary>Changes a check run; completed is told when it becomes so.</summary>
    public void Update(CheckRun run, Account sender, Action<CheckRun> change)
    {
        lock (world.Acts)
        {
            var was = run.Status;
            change(run);
            run.Suite.UpdatedAt = world.Clock.Now;
            Effect("check_run_update", run);
            if (run.Status == "completed" && was != "completed")
            {
                Completed(run, sender);
            }
        }
    }

    private void Completed(CheckRun run, Account sender)
    {
        run.Suite.UpdatedAt = world.Clock.Now;
        Events.Run(run, "completed", sender);
        // A workflow run tells the end of its suite itself.
        if (run.Suite is { OwnStatus: null, Status: "completed" })
        {
            Events.Suite(run.Suite, "completed", sender);
        }
    }

    private void Effect(string kind, CheckRun run) => world.Effects.Add(kind, run.Suite.Repository, new JsonObject
    {
        ["checkRun"] = run.Id,
        ["app"] = run.App.Slug,
        ["name"] = run.Name,
        ["sha"] = run.Suite.HeadSha,
        ["status"] = run.Status,
        ["conclusion"] = run.Conclusion,
        ["externalId"] = run.ExternalId,
        ["title"] = run.Output.Title,
    });
}
