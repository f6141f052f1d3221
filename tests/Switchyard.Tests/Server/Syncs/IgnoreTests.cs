using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class IgnoreTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_path_too_long_to_be_kept_is_said_until_it_is_gone(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var folder = string.Join('/', Enumerable.Repeat(new string('d', 99), 9));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), (folder + "/x.hck.json", Files.Hackolade("X", "one")), (folder + "/data.txt", "x"));
        var sync = await world.SyncAsync();

        var reason = Assert.Single(await world.ReasonsAsync());
        Assert.StartsWith("PathTooLong: One file of acme/models is not mirrored: its path is longer than 800 characters (ddd", reason, StringComparison.Ordinal);
        Assert.EndsWith("/x.hck.json). Shorten the path and push, or leave it out in .switchyardignore.", reason, StringComparison.Ordinal);
        Assert.Equal((1, "Healthy"), (sync.Problems, (await world.RepositoryAsync()).Health));
        world.Source.Commit((folder + "/y.hck.json", Files.Hackolade("Y", "one")));
        await world.SyncAsync();
        Assert.Contains("2 files", Assert.Single(await world.ReasonsAsync()), StringComparison.Ordinal);

        world.Source.Commit((folder + "/x.hck.json", null), (".switchyardignore", "y.hck.json\n"));
        await world.SyncAsync();
        Assert.Empty(await world.ReasonsAsync());
        Assert.Equal([("y.hck.json", 1)], await world.IgnoredAsync());
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_change_of_the_ignore_file_hides_models_and_brings_others_with_their_whole_history(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("old/a.hck.json", Files.Hackolade("A", "1")), ("b.hck.json", Files.Hackolade("B", "1")), ("node_modules/n.hck.json", Files.Hackolade("N", "1")), ("ml/MLmodel", Files.MlModel));
        world.Source.Commit(("old/a.hck.json", Files.Hackolade("A", "1", "2")), ("node_modules/n.hck.json", Files.Hackolade("N", "2")));
        await world.SyncAsync();
        Assert.DoesNotContain(await world.PathsAsync(), path => path.StartsWith("node_modules/", StringComparison.Ordinal));

        world.Source.Commit((".switchyardignore", "old/\nml/\n!node_modules/\n"));
        var sync = await world.SyncAsync();

        Assert.Contains("ignore file changed", sync.FellBack, StringComparison.Ordinal);
        var dump = await world.DumpAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, dump.Current);
        Assert.Equal(["ml", "old/a.hck.json"], dump.Ignored);
        Assert.Equal(["b.hck.json|v1", "node_modules/n.hck.json|v1", "node_modules/n.hck.json|v2"], dump.Versions.Select(line => string.Join('|', line.Split('|')[..2])));
        Assert.Equal(3, await world.CountAsync("select count(*) from versions v join models m on m.id = v.model_id where m.state = 'Ignored'"));
        Assert.Equal([("ml/", 1L), ("old/", 1L)], await world.IgnoredAsync());

        // While it is ignored it changes; taken back in, it has all of its history.
        world.Source.Commit(("old/a.hck.json", Files.Hackolade("A", "1", "2", "3")));
        await world.SyncAsync();
        world.Source.Commit((".switchyardignore", null));
        await world.SyncAsync();

        dump = await world.DumpAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, dump.Current);
        Assert.Contains(dump.Versions, line => line.StartsWith("old/a.hck.json|v3", StringComparison.Ordinal));
        Assert.Equal(["node_modules/n.hck.json"], dump.Ignored);
    }

    [Theory]
    [InlineData("zero\0byte")]
    [InlineData("too large")]
    [InlineData("link")]
    public async Task An_ignore_file_that_cannot_be_used_fails_the_sync_and_changes_nothing(string defect)
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        var before = await world.DumpAsync();

        if (defect == "link")
        {
            world.Source.CommitModes(("120000", ".switchyardignore", "elsewhere"), ("100644", "b.hck.json", Files.Hackolade("B", "1")));
        }
        else
        {
            world.Source.Commit((".switchyardignore", defect == "too large" ? new string('x', 70_000) : defect), ("b.hck.json", Files.Hackolade("B", "1")), ("a.hck.json", null));
        }

        await world.WishAsync();
        await world.DrainAsync();

        var sync = (await world.LastAsync())!;
        Assert.Equal(SyncState.Failed, sync.State);
        Assert.Equal("IgnoreFileInvalid", sync.ErrorCode);
        Assert.Contains("nothing was added or removed", sync.Error, StringComparison.Ordinal);
        if (defect == "too large")
        {
            Assert.Contains("It has 70,000 bytes; 65,536 are allowed.", sync.Error, StringComparison.Ordinal);
        }

        var repository = await world.RepositoryAsync();
        Assert.Equal(("OutOfSync", "Degraded"), (repository.Status, repository.Health));
        Assert.Equal(before.Current, (await world.DumpAsync()).Current);

        world.Source.Commit((".switchyardignore", "# fixed"));
        await world.SyncAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
        Assert.Empty(await world.ReasonsAsync());
    }

    [Fact]
    public async Task Hackolades_name_of_the_file_is_read_where_ours_is_absent()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit((".hubignore", "a*\n"), ("a.hck.json", Files.Hackolade("A", "1")), ("b.hck.json", Files.Hackolade("B", "1")));
        await world.SyncAsync();
        Assert.Equal(["b.hck.json"], await world.PathsAsync());
        Assert.Contains(await world.ReasonsAsync(), reason => reason.StartsWith("HubIgnoreUsed", StringComparison.Ordinal));

        world.Source.Commit((".switchyardignore", "b*\n"));
        await world.SyncAsync();
        Assert.Equal(["a.hck.json"], await world.PathsAsync());
        Assert.Empty(await world.ReasonsAsync());
    }
}
