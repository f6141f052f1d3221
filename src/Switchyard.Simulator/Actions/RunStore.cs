using System.Collections.Concurrent;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>Every workflow run.</summary>
internal sealed class RunStore(World world)
{
    private readonly ConcurrentDictionary<long, WorkflowRun> byId = new();
    private readonly ConcurrentDictionary<long, List<WorkflowRun>> byRepository = new();

    public IReadOnlyList<WorkflowRun> All => [.. byId.Values.OrderBy(run => run.Id)];

    public WorkflowRun? Find(long id) => byId.GetValueOrDefault(id);

    public WorkflowRun? Find(Repository repository, long id) => Find(id) is { } run && run.Repository == repository ? run : null;

    /// <summary>Newest first; the switch <c>runs.listLag</c> shows new ones later.</summary>
    public IReadOnlyList<WorkflowRun> Listed(Repository repository)
    {
        var now = world.Options.Time.GetUtcNow();
        lock (world.Acts)
        {
            return [.. Of(repository).Where(run => run.ListedFrom <= now).Reverse()];
        }
    }

    /// <summary>Those of a concurrency group that are not over, oldest first. The caller holds <see cref="World.Acts"/>.</summary>
    public IReadOnlyList<WorkflowRun> Active(Repository repository, string group) =>
        [.. Of(repository).Where(run => !run.Over && string.Equals(run.Group, group, StringComparison.OrdinalIgnoreCase))];

    public void Add(WorkflowRun run)
    {
        Of(run.Repository).Add(run);
        byId[run.Id] = run;
    }

    private List<WorkflowRun> Of(Repository repository) => byRepository.GetOrAdd(repository.Id, _ => []);
}
