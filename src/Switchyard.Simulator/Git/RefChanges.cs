using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Deliveries;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Git;

/// <summary>One moved ref; 40 zeros stand for "was not there" and "is gone".</summary>
internal sealed record RefUpdate(string Ref, string Before, string After)
{
    public const string Zero = "0000000000000000000000000000000000000000";

    public bool Created => Before == Zero;

    public bool Deleted => After == Zero;

    public bool IsTag => Ref.StartsWith("refs/tags/", StringComparison.Ordinal);

    public string ShortName => Ref.Split('/', 3)[2];
}

/// <summary>Lets something change refs, sees what moved, and tells it as pushes.</summary>
internal sealed class RefChanges(World world)
{
    /// <returns>The refs that moved.</returns>
    public async Task<IReadOnlyList<RefUpdate>> ApplyAsync(Repository repository, Account pusher, Func<Task> change, CancellationToken cancellationToken)
    {
        using var busy = world.Deliveries.Busy();
        await repository.Writing.WaitAsync(cancellationToken);
        try
        {
            var reader = new GitReader(world.Git, repository.Folder);
            var before = await reader.RefsAsync("refs/", cancellationToken);
            List<RefUpdate> moved = [];
            try
            {
                await change();
            }
            finally
            {
                // A push whose client hung up may still have moved refs.
                moved = Compare(before, await reader.RefsAsync("refs/", CancellationToken.None));
                if (moved.Count > 0)
                {
                    repository.PushedAt = repository.UpdatedAt = world.Clock.Now;
                    await new PushEvents(world).TellAsync(repository, pusher, moved);
                    await world.Pulls.PushedAsync(repository, pusher, moved);
                }
            }

            return moved;
        }
        finally
        {
            repository.Writing.Release();
        }
    }

    private static List<RefUpdate> Compare(IReadOnlyList<GitRef> before, IReadOnlyList<GitRef> after)
    {
        var old = before.ToDictionary(reference => reference.Name, reference => reference.Sha, StringComparer.Ordinal);
        var moved = new List<RefUpdate>();
        foreach (var reference in after)
        {
            var was = old.GetValueOrDefault(reference.Name) ?? RefUpdate.Zero;
            if (was != reference.Sha)
            {
                moved.Add(new RefUpdate(reference.Name, was, reference.Sha));
            }

            old.Remove(reference.Name);
        }

        moved.AddRange(old.Select(gone => new RefUpdate(gone.Key, gone.Value, RefUpdate.Zero)));
        return moved;
    }
}
