using System.Collections.Concurrent;
using System.Collections.Immutable;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.People;

/// <summary>One person in one organisation. A pending one was invited and has not accepted.</summary>
internal sealed record Membership(Account Organization, Account Person, string Role, string State, ImmutableHashSet<string> Teams);

/// <summary>Who belongs to which organisation and to which of its teams; set by the control API.</summary>
internal sealed class Memberships(World world)
{
    private readonly ConcurrentDictionary<(long Organization, long Person), Membership> all = new();

    public Membership Set(string organization, string login, string role, string state, IEnumerable<string> teams)
    {
        var (home, person) = (world.Accounts.Ensure(organization), world.Accounts.Ensure(login, organization: false));
        return all[(home.Id, person.Id)] = new Membership(home, person, role, state, teams.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase));
    }

    public void Remove(string organization, string login)
    {
        if (world.Accounts.Find(organization) is { } home && world.Accounts.Find(login) is { } person)
        {
            all.TryRemove((home.Id, person.Id), out _);
        }
    }

    public Membership? Find(string organization, string login) =>
        world.Accounts.Find(organization) is { } home && world.Accounts.Find(login) is { } person ? all.GetValueOrDefault((home.Id, person.Id)) : null;
}
