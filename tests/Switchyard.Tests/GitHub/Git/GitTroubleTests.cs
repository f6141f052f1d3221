using System.Net;
using Microsoft.AspNetCore.Http;
using Switchyard.GitHub;
using Switchyard.GitHub.Git;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Git;

public sealed class GitTroubleTests
{
    [Theory]
    [InlineData(401, GitErrorKind.AuthenticationFailed)]
    [InlineData(403, GitErrorKind.AuthenticationFailed)]
    [InlineData(404, GitErrorKind.RepositoryNotFound)]
    [InlineData(503, GitErrorKind.Network)]
    public async Task A_refusal_is_classified_and_says_what_to_do(int status, GitErrorKind kind)
    {
        await using var world = await GitWorld.StartAsync();
        world.Server.Before = context => Refuse(context, status);

        var error = await Assert.ThrowsAsync<GitException>(() => world.FetchAsync());

        Assert.Equal(kind, error.Kind);
        Assert.StartsWith($"Could not fetch {world.Remote}: git said \"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(GitWorld.Token, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(kind, (await Assert.ThrowsAsync<GitException>(() => GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, []))).Kind);
    }

    [Fact]
    public async Task A_git_that_something_ended_says_by_which_signal_and_the_mirror_is_not_blamed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are those of Unix.");
        var folder = Directory.CreateTempSubdirectory("switchyard-git-");
        var script = Path.Combine(folder.FullName, "git");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nkill -9 $$\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await using var world = await GitWorld.StartAsync();
            var error = await Assert.ThrowsAsync<GitException>(() => GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, [], new GitOptions { GitPath = script }));

            Assert.Equal(GitErrorKind.Killed, error.Kind);
            Assert.Contains("git was ended by signal 9 (often because the machine ran out of memory). It is safe to try again", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(143, "", GitErrorKind.Killed)]
    [InlineData(128, "error: index-pack died of signal 15\nfatal: fetch-pack: invalid index-pack output", GitErrorKind.Killed)]
    [InlineData(129, "usage: git fetch", GitErrorKind.Unexpected)]
    [InlineData(128, "remote: error: pack-objects died of signal 9\nfatal: early EOF", GitErrorKind.Network)]
    public void Only_what_ended_here_is_called_ended_by_a_signal(int exitCode, string text, GitErrorKind kind) =>
        Assert.Equal(kind, GitErrorText.ToException("fetch x", exitCode, text).Kind);

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    public async Task A_fresh_token_that_is_refused_is_tried_again_as_it_is(int status)
    {
        var time = new FakeTime();
        await using var world = await GitWorld.StartAsync(new GitOptions { Time = time });
        world.Source.Commit("main", "a.json", "1");
        var refused = 0;
        world.Server.Before = context => refused < 2 && ++refused > 0 ? Refuse(context, status) : Task.FromResult(false);
        var token = new string(GitWorld.Token);
        var asked = 0;
        FreshToken.Remember(token, time.GetUtcNow());

        var fetching = world.Mirror.FetchAsync(
            world.Remote,
            _ =>
            {
                asked++;
                return new ValueTask<string?>(token);
            },
            new GitFetch(["+refs/heads/*:refs/heads/*"]));

        Assert.Equal(3, (await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30))).TotalSeconds);
        Assert.Equal(10, (await time.AdvanceToNextTimerAsync(TimeSpan.FromSeconds(30))).TotalSeconds);
        Assert.Equal(GitFetchOutcome.Created, await fetching);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_repository_that_answers_slowly_for_ever_ends_in_a_time_out()
    {
        await using var world = await GitWorld.StartAsync(new GitOptions { LowSpeedSeconds = 1, LowSpeedBytesPerSecond = 1000 });
        world.Server.Before = Drip;

        var error = await Assert.ThrowsAsync<GitException>(() => world.FetchAsync());

        Assert.Equal(GitErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_stopped_with_all_it_started()
    {
        var time = new FakeTime();
        await using var world = await GitWorld.StartAsync(new GitOptions { Time = time });
        var reached = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        world.Server.Before = context => Hang(context, reached, left);

        var fetching = world.FetchAsync();
        await reached.Task;
        time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(GitErrorKind.Timeout, (await Assert.ThrowsAsync<GitException>(() => fetching)).Kind);
        await left.Task;
    }

    [Fact]
    public async Task Cancellation_stops_git_with_all_it_started()
    {
        await using var world = await GitWorld.StartAsync();
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        world.Server.Before = context => Hang(context, reached, left);

        var fetching = world.FetchAsync(cancellation: stop.Token);
        await reached.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await left.Task;
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_on_the_same_host()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        world.Server.Before = context => Redirect(context, "/acme/old.git", "/acme/models.git");

        await world.Mirror.FetchAsync(world.Server.Remote("acme/old"), GitWorld.GiveToken, new GitFetch(["+refs/heads/*:refs/heads/*"]));

        Assert.NotNull(await world.Mirror.ResolveAsync("main"));
        Assert.Single(await GitRemote.ListRefsAsync(world.Server.Remote("acme/old"), GitWorld.GiveToken, ["refs/heads/main"]));
    }

    [Fact]
    public async Task A_token_does_not_follow_to_another_host()
    {
        await using var world = await GitWorld.StartAsync();
        await using var elsewhere = await GitServer.StartAsync(world.PathOf("srv"));
        world.Source.Commit("main", "a.json", "1");
        world.Server.Before = context => Redirect(context, "/acme", elsewhere.Url.ToString().TrimEnd('/') + "/acme");

        var error = await Assert.ThrowsAsync<GitException>(() => world.FetchAsync());

        Assert.Equal(GitErrorKind.RepositoryMoved, error.Kind);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_broken_mirror_is_cloned_anew()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "1");
        Action[] damages =
        [
            () => Directory.Delete(Path.Combine(world.Mirror.Location, "objects"), recursive: true),
            () => File.WriteAllText(Path.Combine(world.Mirror.Location, "HEAD"), "garbage"),
            () => File.WriteAllText(Path.Combine(world.Mirror.Location, "config"), "[core\nbroken"),
            () => File.WriteAllText(Path.Combine(world.Mirror.Location, "packed-refs"), "garbage\n"),
            () => Array.ForEach(Directory.GetFiles(Path.Combine(world.Mirror.Location, "objects"), "*", SearchOption.AllDirectories), Ruin),
        ];
        foreach (var damage in damages)
        {
            await world.FetchAsync();
            damage();
            world.Source.Commit("main", "a.json", Guid.NewGuid().ToString());

            var outcome = await world.FetchAsync();

            head = world.Source.Sha("main");
            Assert.Equal(GitFetchOutcome.Healed, outcome);
            Assert.Equal(head, await world.Mirror.ResolveAsync("main"));
            Assert.Single(await world.Mirror.ListTreeAsync(head!).ToListAsync());
        }
    }

    [Fact]
    public async Task Damage_found_while_reading_is_healed_by_the_next_fetch()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "content");
        await world.FetchAsync();
        var oid = (await world.Mirror.ListTreeAsync(head).SingleAsync()).Oid;
        var blob = Path.Combine(world.Mirror.Location, "objects", oid[..2], oid[2..]);
        Assert.True(File.Exists(blob), "The fetch of three objects leaves them loose.");
        Ruin(blob);

        await using (var blobs = world.Mirror.OpenBlobs())
        {
            Assert.Equal(GitErrorKind.Corrupt, (await Assert.ThrowsAsync<GitException>(() => blobs.ReadAsync(oid, 100))).Kind);
        }

        Assert.Equal(GitFetchOutcome.Healed, await world.FetchAsync());
        await using var again = world.Mirror.OpenBlobs();
        Assert.NotNull(await again.ReadAsync(oid, 100));
    }

    [Fact]
    public async Task A_mirror_without_its_configuration_works_on()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        await world.FetchAsync();
        File.Delete(Path.Combine(world.Mirror.Location, "config"));
        var head = world.Source.Commit("main", "a.json", "2");

        await world.FetchAsync();

        Assert.Equal(head, await world.Mirror.ResolveAsync("main"));
    }

    [Fact]
    public async Task A_lock_left_by_a_killed_git_does_not_stop_the_next_fetch()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        await world.FetchAsync();
        var head = world.Source.Commit("main", "a.json", "2");
        File.WriteAllText(Path.Combine(world.Mirror.Location, "refs", "heads", "main.lock"), "");

        Assert.Equal(GitFetchOutcome.Updated, await world.FetchAsync());
        Assert.Equal(head, await world.Mirror.ResolveAsync("main"));
    }

    [Fact]
    public async Task A_missing_commit_is_no_damage()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        await world.FetchAsync();
        var nowhere = new string('b', 40);

        Assert.Equal(GitErrorKind.RefNotFound, (await Assert.ThrowsAsync<GitException>(async () => await world.Mirror.ListTreeAsync(nowhere).ToListAsync())).Kind);
        Assert.Equal(GitErrorKind.RefNotFound, (await Assert.ThrowsAsync<GitException>(async () => await world.Mirror.WalkFirstParentAsync(null, nowhere).ToListAsync())).Kind);
        Assert.Equal(GitErrorKind.RefNotFound, (await Assert.ThrowsAsync<GitException>(() => world.Mirror.FetchAsync(world.Remote, GitWorld.GiveToken, new GitFetch(["+refs/heads/none:refs/heads/none"])))).Kind);
        Assert.Equal(GitFetchOutcome.Updated, await world.FetchAsync());
    }

    [Theory]
    [InlineData(GitDepth.Whole)]
    [InlineData(GitDepth.Blobless)]
    public async Task Many_small_fetches_are_tidied(GitDepth depth)
    {
        await using var world = await GitWorld.StartAsync(new GitOptions { PacksBeforeTidying = 3 });
        for (var i = 0; i < 8; i++)
        {
            world.Source.Commit("main", "x", Enumerable.Range(0, 60).ToDictionary(n => $"d{n}/{i}", n => (byte[]?)[(byte)i, (byte)n]));
            await world.FetchAsync(depth);
            Assert.InRange(Directory.GetFiles(Path.Combine(world.Mirror.Location, "objects", "pack"), "*.pack").Length, 1, 3);
        }

        var head = world.Source.Sha("main")!;
        Assert.Equal(8, await world.Mirror.WalkFirstParentAsync(null, head).CountAsync());
        Assert.Equal(480, await world.Mirror.ListTreeAsync(head).CountAsync());
    }

    [Theory]
    [InlineData("file:///etc")]
    [InlineData("http://example.com/acme/models.git")]
    [InlineData("https://user:secret@github.com/acme/models.git")]
    [InlineData("ext::sh -c true")]
    public async Task Only_https_is_spoken(string remote)
    {
        await using var world = await GitWorld.StartAsync();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => world.Mirror.FetchAsync(new Uri(remote, UriKind.RelativeOrAbsolute), GitWorld.GiveToken, new GitFetch(["+refs/heads/*:refs/heads/*"])));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_git_is_told_so()
    {
        await using var world = await GitWorld.StartAsync(new GitOptions { GitPath = "/nowhere/git" });

        var error = await Assert.ThrowsAsync<GitException>(() => world.FetchAsync());

        Assert.Equal(GitErrorKind.GitMissing, error.Kind);
        Assert.Contains("Install git 2.36", error.Message, StringComparison.Ordinal);
    }

    private static void Ruin(string file)
    {
        File.SetAttributes(file, FileAttributes.Normal);
        File.WriteAllText(file, "ruined");
    }

    private static Task<bool> Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate = status == 401 ? "Basic realm=\"GitHub\"" : "";
        return Task.FromResult(true);
    }

    private static Task<bool> Redirect(HttpContext context, string from, string to)
    {
        if (!context.Request.Path.Value!.StartsWith(from, StringComparison.Ordinal))
        {
            return Task.FromResult(false);
        }

        context.Response.StatusCode = (int)HttpStatusCode.MovedPermanently;
        context.Response.Headers.Location = to + context.Request.Path.Value[from.Length..] + context.Request.QueryString;
        return Task.FromResult(true);
    }

    private static async Task<bool> Drip(HttpContext context)
    {
        context.Response.ContentType = "application/x-git-upload-pack-advertisement";
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync("0");
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return true;
    }

    private static async Task<bool> Hang(HttpContext context, TaskCompletionSource reached, TaskCompletionSource left)
    {
        context.RequestAborted.Register(() => left.TrySetResult());
        reached.TrySetResult();
        await left.Task;
        return true;
    }
}
