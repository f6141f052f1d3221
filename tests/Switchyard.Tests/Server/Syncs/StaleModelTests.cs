using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>A push that makes a model unreadable hides nothing: the last readable Version is shown, and said to be stale.</summary>
public sealed class StaleModelTests
{
    private const string Conflict = "<<<<<<< HEAD\n";

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_model_that_cannot_be_read_shows_its_last_readable_Version_until_it_is_mended(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("never.avsc", "{"));
        await world.SyncAsync();
        Assert.Equal("Degraded", (await world.RepositoryAsync()).Health);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")), ("never.avsc", "\"int\""));
        await world.SyncAsync();
        Assert.Equal(("a.hck.json|A|2|Ready|0", "Healthy"), await ShownAsync(world));

        world.Source.Commit(("a.hck.json", Conflict + "1"));
        await world.SyncAsync();
        Assert.Equal(("a.hck.json|A|2|Failed|2", "Degraded"), await ShownAsync(world));
        await AgreesAsync(world);

        // Two pushes at once: it is the newer of both readable ones that is shown, not the one that was.
        world.Source.Commit(("a.hck.json", Files.Hackolade("B", "a\\u0000", "b\\ud800", "3")));
        world.Source.Commit(("a.hck.json", Conflict + "2"));
        var sync = await world.SyncAsync();
        Assert.Equal(("a.hck.json|B|3|Failed|4", "Degraded"), await ShownAsync(world));
        Assert.Equal(1, sync.Problems);
        await AgreesAsync(world);

        world.Source.Commit(("a.hck.json", null));
        await world.SyncAsync();
        world.Source.Commit(("a.hck.json", Conflict + "3"));
        await world.SyncAsync();
        Assert.Equal(("a.hck.json|B|3|Failed|4", "Degraded"), await ShownAsync(world));
        await AgreesAsync(world);

        world.Source.Commit(("a.hck.json", Files.Hackolade("C", "c")));
        await world.SyncAsync();
        Assert.Equal(("a.hck.json|C|1|Ready|0", "Healthy"), await ShownAsync(world));
        Assert.DoesNotContain(await world.ReasonsAsync(), reason => reason.StartsWith("ParseFailed", StringComparison.Ordinal));
        await AgreesAsync(world);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_force_push_that_drops_the_readable_Version_shows_an_older_one_or_none(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var root = world.Source.Commit(("readme", "x"));
        var first = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")));
        world.Source.Commit(("a.hck.json", Conflict));
        await world.SyncAsync();
        Assert.Equal("a.hck.json|A|2|Failed|2", (await ShownAsync(world)).Model);

        world.Source.Git(["update-ref", "refs/heads/main", first]);
        world.Source.Commit(("a.hck.json", Conflict));
        await world.SyncAsync();
        Assert.Equal("a.hck.json|A|1|Failed|1", (await ShownAsync(world)).Model);
        await AgreesAsync(world);

        world.Source.Git(["update-ref", "refs/heads/main", root]);
        world.Source.Commit(("a.hck.json", Conflict));
        await world.SyncAsync();
        Assert.Equal("a.hck.json|a|0|Failed|0", (await ShownAsync(world)).Model);
        await AgreesAsync(world);
    }

    private static async Task<(string Model, string Health)> ShownAsync(SyncWorld world) =>
        ((await world.Database.ReadAsync(
            session => session.FirstAsync<string>("select path || '|' || name || '|' || entities || '|' || status || '|' || coalesce(shown_version, 0) from models where path = 'a.hck.json'"), CancellationToken.None))!,
        (await world.RepositoryAsync()).Health);

    private static async Task AgreesAsync(SyncWorld world)
    {
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
        await world.RequestAsync(SyncMode.Full);
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }
}
