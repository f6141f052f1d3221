using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Models;
using Switchyard.Server.Repositories;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;
using Switchyard.Tests.GitHub.Git;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>
/// The real Sync classes on a real database and a real git remote; only GitHub's word on what a repository is called comes
/// from the test.
/// </summary>
internal sealed class SyncWorld : IAsyncDisposable, IRepositoryOrigin
{
    private readonly TestDatabase database;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("switchyard-sync-");
    private readonly SyncWorld? origin;
    private GitServer? git;
    private SourceRepository? source;
    private ServiceProvider services;

    private SyncWorld(TestDatabase database, Action<RepositoryOptions>? configure, SyncWorld? origin)
    {
        this.database = database;
        this.origin = origin;
        Database = new StoppingDatabase(database.Database);
        services = Build(configure);
        Configure = configure;
    }

    public StoppingDatabase Database { get; }

    public FakeTime Time { get; } = new();

    public SourceRepository Source => origin?.Source ?? (source ??= new SourceRepository(Path.Combine(folder.FullName, "source.git")));

    public string DefaultBranch { get; set; } = "main";

    public string Name { get; set; } = "models";

    /// <summary>What GitHub answers instead of the repository.</summary>
    public SyncException? Refusal { get; set; }

    /// <summary>The remote that is fetched instead of the source.</summary>
    public Uri? Remote { get; set; }

    public long SizeKb { get; set; }

    /// <summary>How often a token was given up.</summary>
    public int TokensForgotten { get; private set; }

    public long RepositoryId { get; private set; }

    public RepositoryStore Repositories => services.GetRequiredService<RepositoryStore>();

    public SyncStore Syncs => services.GetRequiredService<SyncStore>();

    public UnlinkRepository Unlinking => services.GetRequiredService<UnlinkRepository>();

    public ContentStore Contents => services.GetRequiredService<ContentStore>();

    public ExpireSyncs ExpireSyncs => services.GetRequiredService<ExpireSyncs>();

    public ExpireContents ExpireContents => services.GetRequiredService<ExpireContents>();

    public SyncLane Lane => services.GetRequiredService<SyncLane>();

    public Mirrors Mirrors => services.GetRequiredService<Mirrors>();

    public GitServer Git => origin?.Git ?? git!;

    private Action<RepositoryOptions>? Configure { get; }

    /// <param name="kind">The database of the hub.</param>
    /// <param name="configure">Options of the hub.</param>
    /// <param name="origin">Whose remote it mirrors; null for one of its own.</param>
    public static async Task<SyncWorld> StartAsync(DatabaseKind kind, Action<RepositoryOptions>? configure = null, SyncWorld? origin = null)
    {
        var world = new SyncWorld(await TestDatabase.CreateAsync(kind), configure, origin) { DefaultBranch = origin?.DefaultBranch ?? "main" };
        world.git = origin is null ? await GitServer.StartAsync(world.folder.FullName) : null;
        world.RepositoryId = await world.Database.WriteAsync(
            async session =>
            {
                var provider = await session.ScalarAsync<long>(
                    """
                    insert into providers (slug, kind, name, api_url, web_url, health, created_at, updated_at)
                    values ('test', 'Token', 'test', 'http://127.0.0.1/api', 'http://127.0.0.1', 'Healthy', 0, 0) returning id
                    """);
                return (await world.Repositories.LinkAsync(session, provider, null, world.Origin(), WishSource.Link))!.Value;
            },
            CancellationToken.None);
        return world;
    }

    /// <summary>Brings a repository from a bundle into the source, all its branches.</summary>
    public void Load(string bundle) => Source.Git(["fetch", "--quiet", bundle, "+refs/heads/*:refs/heads/*"]);

    /// <summary>Moves the default branch, as a push does that GitHub tells of.</summary>
    public async Task PushAsync(string sha)
    {
        Source.Git(["update-ref", "refs/heads/" + DefaultBranch, sha]);
        await WishAsync(sha);
    }

    public Task WishAsync(string? head = null) =>
        Database.WriteAsync(session => Repositories.WishAsync(session, RepositoryId, head, WishSource.Webhook), CancellationToken.None);

    /// <summary>Links the repository once more, as every listing of it does, or as a person does by its name.</summary>
    public async Task<long?> LinkAgainAsync(bool byName = false)
    {
        var repository = (await Repositories.FindRowAsync(RepositoryId, CancellationToken.None))!;
        return await Database.WriteAsync(session => Repositories.LinkAsync(session, repository.ProviderId, null, Origin(), WishSource.Link, byName), CancellationToken.None);
    }

    /// <summary>Works the lane off, and requires that the last Sync succeeded.</summary>
    public async Task<Sync> SyncAsync()
    {
        await WishAsync();
        await DrainAsync();
        var last = (await LastAsync())!;
        Assert.True(last.State == SyncState.Succeeded, last.Error ?? last.State);
        return last;
    }

    public Task<TimeSpan?> DrainAsync(CancellationToken cancellation = default) => Lane.DrainAsync(SyncLane.LaneOf(RepositoryId), cancellation);

    public async Task<Sync> RequestAsync(string mode, string? commit = null)
    {
        var (sync, _) = await Syncs.RequestAsync(RepositoryId, mode, commit, "tester", CancellationToken.None);
        await DrainAsync();
        return (await Syncs.FindAsync(sync.Id, CancellationToken.None))!;
    }

    public Task<Sync?> LastAsync() =>
        Database.ReadAsync(
            async session =>
            {
                var id = await session.ScalarAsync<long>("select max(id) from syncs where repository_id = @RepositoryId", new { RepositoryId });
                return await SyncStore.FindAsync(session, id);
            },
            CancellationToken.None);

    public async Task<Repository> RepositoryAsync() => (await Repositories.FindAsync(RepositoryId, CancellationToken.None))!;

    /// <summary>Another process on the same database and data folder.</summary>
    public async Task RestartAsync()
    {
        await services.DisposeAsync();
        Database.StopAt(0, after: false);
        services = Build(Configure);
    }

    /// <summary>Another, empty hub for the same remote, which has synchronized its present state from scratch.</summary>
    public async Task<SyncDump> FromScratchAsync(DatabaseKind kind = DatabaseKind.Sqlite)
    {
        await using var other = await StartAsync(kind, origin: this);
        await other.SyncAsync();
        return await other.DumpAsync();
    }

    /// <summary>Asks GitHub for the head, as the poll does; true when it had moved without anybody telling.</summary>
    public async Task<bool> PollAsync() => await services.GetRequiredService<PollRepositories>().PollAsync(await RepositoryAsync(), CancellationToken.None);

    public async Task<(string Status, string Health)> StatusAsync() => await RepositoryAsync() is var repository ? (repository.Status, repository.Health) : default;

    public Task<SyncDump> DumpAsync() => SyncDump.ReadAsync(Database, RepositoryId);

    public Task<OriginRepository> ReadAsync(Repository repository, CancellationToken cancellation) =>
        Refusal is { } refusal ? throw refusal : Task.FromResult(Origin());

    public Task<OriginAccess> OpenAsync(Repository repository, CancellationToken cancellation) =>
        Task.FromResult(new OriginAccess(Remote ?? Git.Remote("source"), _ => ValueTask.FromResult<string?>(null)));

    public Task ForgetTokenAsync(Repository repository)
    {
        TokensForgotten++;
        return Task.CompletedTask;
    }

    public Task<string?> ReadHeadAsync(Repository repository, CancellationToken cancellation) => Task.FromResult(Source.Sha("refs/heads/" + DefaultBranch));

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (git is not null)
        {
            await git.DisposeAsync();
        }

        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private OriginRepository Origin() => new(4711, "acme", Name, DefaultBranch, true, false, SizeKb, null);

    private ServiceProvider Build(Action<RepositoryOptions>? configure)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMetrics();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton<Database>(new Shared(Database));
        collection.AddSingleton<IOptions<StorageOptions>>(database.Options);
        collection.AddOptions<RepositoryOptions>().Configure(options => configure?.Invoke(options));
        collection.AddSingleton<IRepositoryOrigin>(this);
        collection.AddCatalogue().AddSyncs().AddSignalStore();
        collection.AddSingleton<Lanes>();
        collection.AddSingleton<PollRepositories>();
        collection.AddSingleton<ExpireSyncs>();
        collection.AddSingleton<ExpireContents>();
        return collection.BuildServiceProvider(validateScopes: true);
    }

    /// <summary>The services come and go; the database stays.</summary>
    private sealed class Shared(Database inner) : Database
    {
        public override Dialect Dialect => inner.Dialect;

        public override Task OpenAsync(CancellationToken cancellation) => Task.CompletedTask;

        public override Task<T> ReadAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation) => inner.ReadAsync(work, cancellation);

        public override Task<T> WriteAsync<T>(Func<DbSession, Task<T>> work, CancellationToken cancellation) => inner.WriteAsync(work, cancellation);

        public override Task<IAsyncDisposable?> TryHoldAsync(string name, CancellationToken cancellation) => inner.TryHoldAsync(name, cancellation);

        public override Task<List<T>?> TryLockAndReadAsync<T>(DbSession session, string name, string sql, object parameters) => inner.TryLockAndReadAsync<T>(session, name, sql, parameters);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
