using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Repositories;

/// <summary>Repositories by number and by name; former names lead to where they went.</summary>
internal sealed class RepositoryStore(World world)
{
    private readonly ConcurrentDictionary<long, Repository> byId = new();
    private readonly ConcurrentDictionary<string, long> formerNames = new(StringComparer.OrdinalIgnoreCase);

    public RepositoryJson Render { get; } = new(world);

    public IReadOnlyList<Repository> All => [.. byId.Values.Where(repository => !repository.Deleted).OrderBy(repository => repository.Id)];

    public Repository? Find(long id) => byId.TryGetValue(id, out var found) && !found.Deleted ? found : null;

    public Repository? Find(string owner, string name) => Find($"{owner}/{name}");

    public Repository? Find(string fullName) =>
        byId.Values.FirstOrDefault(repository => !repository.Deleted && string.Equals(repository.FullName, fullName, StringComparison.OrdinalIgnoreCase));

    public Repository? FindMoved(string owner, string name) =>
        formerNames.TryGetValue($"{owner}/{name}", out var id) ? Find(id) : null;

    public IReadOnlyList<Repository> Of(Installation installation) => [.. All.Where(repository => installation.Has(repository) && !IsHidden(repository))];

    public bool IsHidden(Repository repository) =>
        world.Faults.Find("installation.hideRepo") is { } hide && hide.Concerns(repository);

    /// <exception cref="IOException">The source could not be read.</exception>
    public async Task<Repository> AddAsync(SimulatedRepository wanted, CancellationToken cancellationToken)
    {
        var parts = wanted.FullName.Split('/');
        if (parts.Length != 2)
        {
            throw new ArgumentException($"'{wanted.FullName}' is no full name: write owner/name.", nameof(wanted));
        }

        if (Find(wanted.FullName) is not null)
        {
            throw new ArgumentException($"{wanted.FullName} exists already.", nameof(wanted));
        }

        var repository = New(world.Accounts.Ensure(parts[0], wanted.OwnerIsOrganization), parts[1], wanted.Private);
        await new RepositoryLoader(world.Git, world.Options.Time).LoadAsync(repository, wanted, cancellationToken);
        Measure(repository);
        repository.PushedAt = world.Clock.Now;
        Publish(repository);
        return repository;
    }

    /// <summary>A copy with commits of its own, under another owner.</summary>
    public async Task<Repository> ForkAsync(Repository parent, Account owner, string? name, CancellationToken cancellationToken)
    {
        var fork = await AddAsync(
            new SimulatedRepository($"{owner.Login}/{name ?? parent.Name}", parent.Folder) { Private = parent.Private, DefaultBranch = parent.DefaultBranch, OwnerIsOrganization = owner.IsOrganization },
            cancellationToken);
        fork.Parent = parent;
        return fork;
    }

    public Repository New(Account owner, string name, bool isPrivate)
    {
        var id = world.NextId();
        return new Repository
        {
            Id = id,
            Owner = owner,
            Name = name,
            Private = isPrivate,
            Folder = Path.Combine(world.Folder, "repositories", $"{id}.git"),
            CreatedAt = world.Clock.Now,
            UpdatedAt = world.Clock.Now,
        };
    }

    public void Publish(Repository repository)
    {
        byId[repository.Id] = repository;
        formerNames.TryRemove(repository.FullName, out _);
        world.Deliveries.Events.Repository(repository, "created");
        foreach (var installation in world.Installations.All.Where(installation => installation.AllRepositories && installation.Has(repository)))
        {
            world.Deliveries.Events.InstallationRepositories(installation, [repository], []);
        }
    }

    public void Rename(Repository repository, string name)
    {
        var before = repository.Name;
        formerNames[repository.FullName] = repository.Id;
        repository.Name = name;
        Touch(repository);
        world.Deliveries.Events.Repository(repository, "renamed", changes: new() { ["repository"] = new JsonObject { ["name"] = new JsonObject { ["from"] = before } } });
    }

    /// <summary>Gives it to another account. Only the new owner's installation hears of it (OpenAPI: repository.transferred).</summary>
    public void Transfer(Repository repository, Account owner)
    {
        var before = repository.Owner;
        formerNames[repository.FullName] = repository.Id;
        repository.Owner = owner;
        Touch(repository);
        var from = new JsonObject { [before.IsOrganization ? "organization" : "user"] = world.Accounts.Json(before) };
        world.Deliveries.Events.Repository(repository, "transferred", changes: new() { ["owner"] = new JsonObject { ["from"] = from } });
    }

    public void Archive(Repository repository, bool archived)
    {
        if (repository.Archived != archived)
        {
            repository.Archived = archived;
            Touch(repository);
            world.Deliveries.Events.Repository(repository, archived ? "archived" : "unarchived");
        }
    }

    /// <summary>Makes it public, or private again.</summary>
    public void Show(Repository repository, bool isPrivate)
    {
        if (repository.Private != isPrivate)
        {
            repository.Private = isPrivate;
            Touch(repository);
            world.Deliveries.Events.Repository(repository, isPrivate ? "privatized" : "publicized");
        }
    }

    public void Delete(Repository repository)
    {
        world.Deliveries.Events.Repository(repository, "deleted");
        repository.Deleted = true;
    }

    /// <summary>Deletes it and makes an empty one of the same name: another number.</summary>
    public async Task<Repository> RecreateAsync(Repository old, string? source, CancellationToken cancellationToken)
    {
        Delete(old);
        var again = await AddAsync(new SimulatedRepository(old.FullName, source) { Private = old.Private }, cancellationToken);
        foreach (var installation in world.Installations.All.Where(installation => !installation.AllRepositories && installation.Selected.Contains(old.Id)))
        {
            world.Installations.Add(installation, [again]);
        }

        return again;
    }

    public static void Measure(Repository repository)
    {
        var bytes = new DirectoryInfo(repository.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        repository.Size = (int)(bytes / 1024);
    }

    private void Touch(Repository repository) => repository.UpdatedAt = world.Clock.Now;
}
