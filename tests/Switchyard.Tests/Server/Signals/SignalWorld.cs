using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;
using Switchyard.Tests.Infrastructure;

namespace Switchyard.Tests.Server.Signals;

/// <summary>The real handlers on a real database, each Delivery in a transaction of its own.</summary>
internal sealed class SignalWorld : IAsyncDisposable
{
    public const long Provider = 1;
    public const long Repository = 4711;

    private readonly TestDatabase database;
    private readonly ServiceProvider services;
    private long deliveries;

    private SignalWorld(TestDatabase database)
    {
        this.database = database;
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddMetrics();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton(database.Database);
        collection.AddSingleton<Lanes>();
        collection.AddSignalStore();
        collection.AddSingleton<RefMoves>();
        collection.AddSingleton<RecordRefs>();
        services = collection.BuildServiceProvider(validateScopes: true);
    }

    public FakeTime Time { get; } = new();

    public Database Database => database.Database;

    public SignalStore Signals => Get<SignalStore>();

    public static async Task<SignalWorld> StartAsync(DatabaseKind kind) => new(await TestDatabase.CreateAsync(kind));

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Works a Delivery off; with the id of one before it is a further attempt at that.</summary>
    public async Task<string?> DeliverAsync(string name, object payload, long? again = null)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(payload);
        var facts = new ReceivedDelivery { Id = again ?? ++deliveries, ProviderId = Provider, Event = name, RepositoryId = Repository, ReceivedAt = Time.GetUtcNow().ToUnixTimeMilliseconds() };
        IDeliveryHandler handler = name switch
        {
            "push" => new PushHandler(Signals, Get<RefMoves>()),
            "pull_request" => new PullRequestHandler(Signals),
            _ => new ReleaseHandler(Signals),
        };
        return await Database.WriteAsync(session => handler.HandleAsync(new DeliveryContext(session, facts, WebhookEnvelope.Read(body), body)), CancellationToken.None);
    }

    /// <summary>Works pushes off as one batch of a lane.</summary>
    public Task<List<string?>> DeliverPushesAsync(IEnumerable<object> payloads)
    {
        var bodies = payloads.Select(payload => JsonSerializer.SerializeToUtf8Bytes(payload)).ToList();
        var facts = bodies.ConvertAll(_ => new ReceivedDelivery { Id = ++deliveries, ProviderId = Provider, Event = "push", RepositoryId = Repository, ReceivedAt = Time.GetUtcNow().ToUnixTimeMilliseconds() });
        IDeliveryHandler handler = new PushHandler(Signals, Get<RefMoves>());
        return Database.WriteAsync(
            async session =>
            {
                var contexts = bodies.Select((body, index) => new DeliveryContext(session, facts[index], WebhookEnvelope.Read(body), body)).ToList();
                await handler.PrepareAsync(session, contexts);
                var outcomes = new List<string?>();
                foreach (var context in contexts)
                {
                    outcomes.Add(await handler.HandleAsync(context));
                }

                return outcomes;
            },
            CancellationToken.None);
    }

    public long Seconds => Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>GitHub lists these refs; gives what was recorded of it.</summary>
    public Task<List<NewSignal>> PollAsync(params (string Ref, int Sha)[] refs) => PollAsync(refs, () => Task.FromResult<string?>(null));

    /// <param name="refs">What GitHub lists.</param>
    /// <param name="meanwhile">What happens while it does.</param>
    public async Task<List<NewSignal>> PollAsync((string Ref, int Sha)[] refs, Func<Task<string?>> meanwhile)
    {
        var known = await Database.ReadAsync(session => RefStore.ListAsync(session, Provider, Repository), CancellationToken.None);
        await meanwhile();
        var source = new SourceFacts { Id = Repository, Owner = "acme", Name = "models", HtmlUrl = "https://github.com/acme/models" };
        var listing = new RefListing(
            Provider, source, refs.ToDictionary(one => one.Ref, one => (Pushes.Sha(one.Sha), Pushes.Sha(one.Sha))), Time.GetUtcNow(), Time.GetUtcNow());
        return await Get<RecordRefs>().RecordAsync(listing, known, CancellationToken.None);
    }

    public Task<List<SignalRow>> SignalsAsync() =>
        Database.ReadAsync(session => session.QueryAsync<SignalRow>("select * from signals order by id"), CancellationToken.None);

    public Task<string?> RefAsync(string name) =>
        Database.ReadAsync(session => session.ScalarAsync<string>("select sha from refs where ref = @name", new { name }), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
