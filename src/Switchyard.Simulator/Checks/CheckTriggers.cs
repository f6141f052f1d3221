using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>
/// What a push brings by way of checks: each App that may write checks gets a suite, which stays queued when it makes no run
/// (docs: check suites). The switches add suites and checks of others.
/// </summary>
internal sealed class CheckTriggers(World world)
{
    public async Task PushedAsync(Repository repository, Account pusher, RefUpdate update)
    {
        var apps = world.Installations.All.Where(installation => installation.SuspendedAt is null && installation.Has(repository)
            && world.Installations.Granted(installation).GetValueOrDefault("checks") == "write").Select(installation => installation.App).ToList();
        if (world.Faults.Find("checks.queuedSuite") is { } idle && idle.Concerns(repository) && idle.Happens())
        {
            apps.Add(world.Apps.Outside(idle.Text("app") ?? "idle-ci"));
        }

        var late = world.Faults.Find("checks.late") is { } fault && fault.Concerns(repository) && fault.Happens() ? fault : null;
        if (update.Deleted || update.IsTag || (apps.Count == 0 && late is null)
            || await new GitReader(world.Git, repository.Folder).CommitAsync(update.After, CancellationToken.None) is not { } head)
        {
            return;
        }

        foreach (var app in apps)
        {
            var before = world.Checks.Of(repository, head.Sha).Count;
            var suite = world.Checks.Suite(repository, app, head, update.ShortName, update.Before);
            // The same commit on another branch has its suites already.
            if (world.Checks.Of(repository, head.Sha).Count > before)
            {
                world.Checks.Events.Suite(suite, "requested", pusher);
            }
        }

        if (late is not null)
        {
            var app = world.Apps.Outside(late.Text("app") ?? "late-ci");
            world.Agenda.At(world.Agenda.Now.AddSeconds(late.Number("after", 60)), () =>
                world.Checks.Add(world.Checks.Suite(repository, app, head, update.ShortName, update.Before), late.Text("name") ?? "late", world.Accounts.Bot(app), run => End(run, late.Text("conclusion"))));
        }
    }

    /// <summary>The action of the switch <c>checks.rerun</c>: another check run for each name, in the same suite.</summary>
    public async Task RerunAsync(Repository repository, string? reference, string? name, string? conclusion, CancellationToken cancellationToken)
    {
        var found = await new GitReader(world.Git, repository.Folder).ResolveAsync(reference ?? repository.DefaultBranch, "^{commit}", cancellationToken)
            ?? throw new ArgumentException($"{repository.FullName} has no commit {reference ?? repository.DefaultBranch}.");
        lock (world.Acts)
        {
            var runs = world.Checks.Of(repository, found.Sha).SelectMany(suite => suite.Latest).Where(run => name is null || run.Name == name).ToArray();
            if (runs.Length == 0)
            {
                throw new ArgumentException($"{found.Sha} has no check run{(name is null ? "" : $" called {name}")}.");
            }

            foreach (var run in runs)
            {
                world.Checks.Add(run.Suite, run.Name, world.Accounts.Bot(run.App), again => End(again, conclusion));
            }
        }
    }

    private void End(CheckRun run, string? conclusion)
    {
        run.Status = "completed";
        run.Conclusion = Conclusions.Known(conclusion ?? "success");
        run.CompletedAt = world.Clock.Now;
    }
}
