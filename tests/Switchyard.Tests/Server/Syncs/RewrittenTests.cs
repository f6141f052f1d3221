using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class RewrittenTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task What_a_force_push_drops_is_kept_beside_and_comes_back_with_the_old_head(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var root = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("gone.hck.json", Files.Hackolade("Gone", "x")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "two")), ("only-old.hck.json", Files.Hackolade("Old", "x")));
        var old = world.Source.Commit(("gone.hck.json", null));
        await world.SyncAsync();
        var before = await world.DumpAsync();

        world.Source.Git(["update-ref", "refs/heads/main", root]);
        var other = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "three")), ("only-new.hck.json", Files.Hackolade("New", "x")));
        var sync = await world.SyncAsync();

        Assert.Contains("history was rewritten", sync.FellBack, StringComparison.Ordinal);
        var forced = await world.DumpAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, forced.Current);
        Assert.Equal(
            ["a.hck.json|v2", "gone.hck.json|removed", "only-old.hck.json|v1"],
            forced.Rewritten.Select(line => string.Join('|', line.Split('|')[..2])));
        Assert.Contains(await world.ReasonsAsync(), reason => reason.StartsWith("HistoryRewritten", StringComparison.Ordinal));
        Assert.Equal("Removed", await world.StateOfAsync("only-old.hck.json"));

        await world.PushAsync(old);
        await world.SyncAsync();
        Assert.Equal(before.Current, (await world.DumpAsync()).Current);
        Assert.Equal(["a.hck.json|v2", "only-new.hck.json|v1"], (await world.DumpAsync()).Rewritten.Select(line => string.Join('|', line.Split('|')[..2])));

        await world.PushAsync(other);
        await world.SyncAsync();
        Assert.Equal(forced.Current, (await world.DumpAsync()).Current);
        Assert.Equal(forced.Rewritten, (await world.DumpAsync()).Rewritten);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_history_that_shares_nothing_with_the_old_one_takes_its_place(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")));
        await world.SyncAsync();

        world.Source.Commit("main", "Anew", new Dictionary<string, byte[]?> { ["b.hck.json"] = System.Text.Encoding.UTF8.GetBytes(Files.Hackolade("B", "one")) }, restart: true);
        await world.SyncAsync();

        var dump = await world.DumpAsync();
        Assert.Equal((await world.FromScratchAsync()).Current, dump.Current);
        Assert.Single(dump.Rewritten);
        Assert.Equal("Removed", await world.StateOfAsync("a.hck.json"));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_sync_from_a_commit_replays_from_it_and_one_that_is_no_ancestor_is_refused(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var first = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        var second = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")), ("b.hck.json", Files.Hackolade("B", "1")));
        world.Source.Commit(("b.hck.json", null), ("c.hck.json", Files.Hackolade("B", "1")));
        var last = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "3")));
        await world.SyncAsync();
        var expected = await world.DumpAsync();
        await world.Database.WriteAsync(
            session => session.ExecuteAsync("update versions set number = 99, moved_from = 'damaged' where position > 1"), CancellationToken.None);

        var sync = await world.RequestAsync(SyncMode.FromCommit, second[..10]);

        Assert.Equal(SyncState.Succeeded, sync.State);
        Assert.Equal(0, sync.VersionsAdded);
        Assert.Equal(expected.Current, (await world.DumpAsync()).Current);

        Assert.Equal(SyncState.Succeeded, (await world.RequestAsync(SyncMode.FromCommit, first)).State);
        Assert.Equal(expected.Current, (await world.DumpAsync()).Current);

        var refused = await world.RequestAsync(SyncMode.FromCommit, "0123456789abcdef0123456789abcdef01234567");
        Assert.Equal(SyncState.Failed, refused.State);
        Assert.Equal("NoSuchCommit", refused.ErrorCode);
        Assert.StartsWith("There is no such commit in ", refused.Error, StringComparison.Ordinal);
        Assert.Contains("choose another commit", refused.Error, StringComparison.Ordinal);
        Assert.Equal("Healthy", (await world.RepositoryAsync()).Health);

        world.Source.Git(["update-ref", "refs/heads/main", second]);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "4")));
        await world.SyncAsync();
        var dropped = await world.RequestAsync(SyncMode.FromCommit, last);
        Assert.Equal("NotAnAncestor", dropped.ErrorCode);
        Assert.Contains("Choose another commit", dropped.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Another_default_branch_is_followed_whatever_the_two_share(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        var root = world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        world.Source.Git(["update-ref", "refs/heads/main2", root]);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")));
        await world.SyncAsync();
        world.Source.Commit("main2", "b.hck.json", Files.Hackolade("B", "1"));

        world.DefaultBranch = "main2";
        await world.SyncAsync();

        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
        Assert.Contains(await world.ReasonsAsync(), reason => reason.StartsWith("DefaultBranchMoved", StringComparison.Ordinal));
    }
}
