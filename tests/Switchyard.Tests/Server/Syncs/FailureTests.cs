using Switchyard.Server.Repositories;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class FailureTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task An_empty_repository_is_synchronized_and_its_first_push_is_mirrored(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        _ = world.Source;
        var sync = await world.SyncAsync();

        Assert.Null(sync.ToCommit);
        Assert.Equal(("Synced", "Healthy"), await world.StatusAsync());
        Assert.Contains(await world.ReasonsAsync(), reason => reason.StartsWith("EmptyRepository", StringComparison.Ordinal));

        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        Assert.Equal(["a.hck.json"], await world.PathsAsync());
        Assert.Empty(await world.ReasonsAsync());
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_failed_fetch_removes_nothing_says_why_and_is_tried_again_later(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")), ("b.hck.json", Files.Hackolade("B", "1")));
        await world.SyncAsync();
        var before = await world.DumpAsync();
        world.Source.Commit(("a.hck.json", null));
        world.Git.Before = context =>
        {
            context.Response.StatusCode = 500;
            return Task.FromResult(true);
        };

        await world.WishAsync();
        await world.DrainAsync();

        var sync = (await world.LastAsync())!;
        Assert.Equal((SyncState.Failed, "SyncFailed"), (sync.State, sync.ErrorCode));
        Assert.Contains("acme/models could not be synchronized.", sync.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard repo sync acme/models", sync.NextStep, StringComparison.Ordinal);
        Assert.Equal(("OutOfSync", "Degraded"), await world.StatusAsync());
        Assert.Equal(before.Current, (await world.DumpAsync()).Current);

        // Not at once, and then by itself.
        await world.DrainAsync();
        Assert.Equal(sync.Id, (await world.LastAsync())!.Id);
        Assert.Empty(await world.Lane.FindDueLanesAsync(CancellationToken.None));
        world.Git.Before = _ => Task.FromResult(false);
        world.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Single(await world.Lane.FindDueLanesAsync(CancellationToken.None));
        await world.DrainAsync();
        Assert.Equal(SyncState.Succeeded, (await world.LastAsync())!.State);
        Assert.Equal(("Synced", "Healthy"), await world.StatusAsync());
        Assert.Empty(await world.ReasonsAsync());
        Assert.Equal(["b.hck.json"], await world.PathsAsync());
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_failure_that_nobody_foresaw_is_told_by_its_kind_and_not_by_its_own_text(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.Database.WriteAsync(session => session.ExecuteAsync("alter table removals rename to elsewhere"), CancellationToken.None);

        await world.WishAsync();
        await world.DrainAsync();

        var sync = (await world.LastAsync())!;
        Assert.Equal((SyncState.Failed, "SyncFailed"), (sync.State, sync.ErrorCode));
        Assert.Contains(kind == DatabaseKind.Sqlite ? "(SqliteException)" : "(PostgresException)", sync.Error, StringComparison.Ordinal);
        Assert.Contains("See the server's log", sync.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("removals", sync.Error, StringComparison.Ordinal);
        Assert.Contains("switchyard repo sync acme/models", sync.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_token_that_git_refuses_is_given_up_and_a_link_does_not_hide_why(int status)
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        world.Git.Before = context =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };

        await world.WishAsync();
        await world.DrainAsync();
        Assert.Equal((SyncState.Failed, "PermissionDenied", 1), ((await world.LastAsync())!.State, (await world.LastAsync())!.ErrorCode, world.TokensForgotten));

        await world.LinkAgainAsync();
        Assert.StartsWith("PermissionDenied: ", Assert.Single(await world.ReasonsAsync()), StringComparison.Ordinal);
        Assert.Equal("Degraded", (await world.RepositoryAsync()).Health);
        world.Git.Before = _ => Task.FromResult(false);
        await world.SyncAsync();
        Assert.Empty(await world.ReasonsAsync());
    }

    [Fact]
    public async Task A_default_branch_that_is_gone_removes_nothing()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        world.Source.Git(["update-ref", "-d", "refs/heads/main"]);

        await world.WishAsync();
        await world.DrainAsync();

        Assert.Equal("DefaultBranchMissing", (await world.LastAsync())!.ErrorCode);
        Assert.Equal(["a.hck.json"], await world.PathsAsync());
    }

    [Fact]
    public async Task Mirrors_are_closed_to_others_in_a_data_folder_that_is_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are those of Unix.");
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();

        var mirrors = new DirectoryInfo(world.Mirrors.FolderOf(await world.RepositoryAsync())).Parent!.Parent!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mirrors.UnixFileMode);
    }

    [Fact]
    public async Task A_mirror_that_is_damaged_or_deleted_is_made_anew()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        var mirror = world.Mirrors.FolderOf(await world.RepositoryAsync());

        Directory.Delete(mirror, recursive: true);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")));
        await world.SyncAsync();
        foreach (var pack in Directory.EnumerateFiles(Path.Combine(mirror, "objects", "pack"), "*.pack"))
        {
            File.SetAttributes(pack, FileAttributes.Normal);
            await File.WriteAllBytesAsync(pack, new byte[100]);
        }

        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "3")));
        await world.WishAsync();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromHours(3));
        }

        Assert.Equal(SyncState.Succeeded, (await world.LastAsync())!.State);
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_waiting_sync_is_joined_and_cancelled_and_a_running_one_stops(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();

        var (first, joined) = await world.Syncs.RequestAsync(world.RepositoryId, SyncMode.Recent, null, "ann", CancellationToken.None);
        var (second, joinedToo) = await world.Syncs.RequestAsync(world.RepositoryId, SyncMode.Full, null, "bob", CancellationToken.None);
        Assert.Equal((false, true, first.Id, SyncMode.Full), (joined, joinedToo, second.Id, second.Mode));
        Assert.Equal(SyncState.Cancelled, await world.Syncs.CancelAsync(first.Id, CancellationToken.None));
        await world.DrainAsync();
        Assert.Equal(first.Id, (await world.LastAsync())!.Id);

        // While git is fetching somebody cancels.
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")));
        world.Git.Before = async context =>
        {
            var running = (await world.LastAsync())!;
            await world.Syncs.CancelAsync(running.Id, CancellationToken.None);
            world.Lane.Stop(running.Id);
            return false;
        };
        await world.WishAsync();
        await world.DrainAsync();
        world.Git.Before = _ => Task.FromResult(false);

        Assert.Equal(SyncState.Cancelled, (await world.LastAsync())!.State);
        Assert.Equal("OutOfSync", (await world.StatusAsync()).Status);
        Assert.Empty(await world.Lane.FindDueLanesAsync(CancellationToken.None));
        await world.SyncAsync();
        Assert.Equal("Synced", (await world.StatusAsync()).Status);
    }

    [Fact]
    public async Task A_wish_that_comes_while_a_sync_runs_is_worked_off_after_it()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")));
        var once = 0;
        world.Git.Before = async context =>
        {
            // The fetch is answered already when the next push comes.
            if (context.Request.Path.Value!.EndsWith("git-upload-pack", StringComparison.Ordinal) && Interlocked.Increment(ref once) == 2)
            {
                await world.WishAsync();
            }

            return false;
        };
        await world.WishAsync();
        await world.DrainAsync();

        Assert.Equal(("Synced", "Healthy"), await world.StatusAsync());
        Assert.Equal(3, await world.CountAsync("select count(*) from syncs"));
    }

    [Fact]
    public async Task Two_nodes_never_synchronize_one_repository_at_once()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.PostgreSql);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.WishAsync();
        await using (await world.Database.TryHoldAsync("sync:" + SyncLane.LaneOf(world.RepositoryId), CancellationToken.None))
        {
            Assert.NotNull(await world.DrainAsync());
            Assert.Equal(0, await world.CountAsync("select count(*) from syncs"));
        }

        await world.DrainAsync();
        Assert.Equal(["a.hck.json"], await world.PathsAsync());
    }

    [Fact]
    public async Task The_poll_finds_what_no_delivery_told_and_counts_it()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        Assert.False(await world.PollAsync());

        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "2")));
        Assert.True(await world.PollAsync());
        Assert.False(await world.PollAsync());
        await world.DrainAsync();

        Assert.Equal((WishSource.Poll, SyncState.Succeeded), ((await world.LastAsync())!.Cause, (await world.LastAsync())!.State));
        Assert.Equal(2, await world.CountAsync("select count(*) from versions"));
    }

    [Fact]
    public async Task A_repository_that_github_refuses_keeps_its_models_and_says_so()
    {
        await using var world = await SyncWorld.StartAsync(DatabaseKind.Sqlite);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "1")));
        await world.SyncAsync();
        world.Refusal = new SyncException(ReasonCode.RepositoryMissing, "GitHub answered 404.") { Health = RepositoryHealth.Missing };

        await world.WishAsync();
        await world.DrainAsync();

        Assert.Equal(("OutOfSync", "Missing"), await world.StatusAsync());
        Assert.Equal(["a.hck.json"], await world.PathsAsync());

        world.Refusal = null;
        world.Name = "renamed";
        await world.SyncAsync();
        Assert.Equal("acme/renamed", (await world.RepositoryAsync()).FullName);
        Assert.Contains(await world.ReasonsAsync(), reason => reason.Contains("acme/models is now called acme/renamed", StringComparison.Ordinal));
    }
}
