using System.Collections.Concurrent;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.People;

/// <summary>Who may do what with a repository; set by the control API.</summary>
internal sealed class Collaborators(World world)
{
    public const string None = "none";

    private readonly ConcurrentDictionary<(long Repository, long Person), string> given = new();

    public void Set(Repository repository, string login, string permission)
    {
        if (permission is not ("admin" or "write" or "read" or None))
        {
            throw new ArgumentException($"There is no permission '{permission}'.", nameof(permission));
        }

        given[(repository.Id, world.Accounts.Ensure(login, organization: false).Id)] = permission;
    }

    /// <summary>What the person was given: by the repository, as its owner, or as an admin of the organisation that owns it.</summary>
    public string Explicit(Repository repository, Account person) =>
        repository.Owner.Id == person.Id || world.Memberships.Find(repository.Owner.Login, person.Login) is { State: "active", Role: "admin" } ? "admin"
        : given.GetValueOrDefault((repository.Id, person.Id), None);

    /// <summary>What they may do: what is public may be read by everybody.</summary>
    public string Effective(Repository repository, Account person) =>
        Explicit(repository, person) is var own && own != None ? own : repository.Private ? None : "read";

    public IReadOnlyList<Repository> Of(Installation installation, Account person) =>
        [.. world.Repositories.Of(installation).Where(repository => Explicit(repository, person) != None)];
}
