using System.Text;
using Switchyard.GitHub.Git;
using Xunit;

namespace Switchyard.Tests.GitHub.Git;

public sealed class GitMirrorTests
{
    private static readonly string[] OddNames =
    [
        "line\nbreak.json", "quote\"s'.json", "tab\there.json", "-leading-dash.json", " spaces around .json", "ünï/çödé/模型.json",
        "back\\slash.json", "colon:first.json", ":magic.json", "a*b?[c].json", "\u0001control.json", "emoji-🚂.json", "dir with space/x.json",
    ];

    [Fact]
    public async Task A_fetch_brings_every_branch_and_a_second_one_only_what_is_new()
    {
        await using var world = await GitWorld.StartAsync();
        var first = world.Source.Commit("main", "a.json", "1");
        Assert.Equal(GitFetchOutcome.Created, await world.FetchAsync());
        Assert.Equal(first, await world.Mirror.ResolveAsync("refs/heads/main"));

        var second = world.Source.Commit("main", "a.json", "2");
        world.Source.Commit("feature/x", "b.json", "1");
        Assert.Equal(GitFetchOutcome.Updated, await world.FetchAsync());

        Assert.Equal(second, await world.Mirror.ResolveAsync("main"));
        Assert.NotNull(await world.Mirror.ResolveAsync("feature/x"));
        Assert.Null(await world.Mirror.ResolveAsync("no-such"));
        Assert.Null(await world.Mirror.ResolveAsync("--help"));
    }

    [Theory]
    [InlineData(GitDepth.Whole)]
    [InlineData(GitDepth.Blobless)]
    public async Task Odd_file_names_come_back_as_they_are(GitDepth depth)
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "Odd names", OddNames.ToDictionary(name => name, name => (byte[]?)Encoding.UTF8.GetBytes(name)));
        await world.FetchAsync(depth);

        var listed = await world.Mirror.ListTreeAsync(head).ToListAsync();
        var step = Assert.Single(await world.Mirror.WalkFirstParentAsync(null, head).ToListAsync());

        Assert.Equal(OddNames.Order(StringComparer.Ordinal), listed.Select(entry => entry.Path).Order(StringComparer.Ordinal));
        Assert.Equal(OddNames.Order(StringComparer.Ordinal), step.Changes.Select(change => change.Path).Order(StringComparer.Ordinal));
        Assert.All(listed, entry => Assert.Equal(depth == GitDepth.Whole ? Encoding.UTF8.GetByteCount(entry.Path) : null, entry.Size));
        Assert.All(listed, entry => Assert.Equal(("100644", "blob"), (entry.Mode, entry.Type)));
    }


    [Fact]
    public async Task The_walk_gives_first_parents_oldest_first_with_their_changes()
    {
        await using var world = await GitWorld.StartAsync();
        var root = world.Source.Commit("main", "a.json", "1");
        world.Source.Git(["branch", "side", root]);
        var side = world.Source.Commit("side", "side.json", "s");
        var change = world.Source.Commit("main", "Änder\nbody", new Dictionary<string, byte[]?> { ["a.json"] = "2"u8.ToArray(), ["b.json"] = "b"u8.ToArray() });
        var merge = world.Source.Commit("main", "Merge side", new Dictionary<string, byte[]?> { ["side.json"] = "s"u8.ToArray() }, merge: side);
        var empty = world.Source.Commit("main", "Nothing", new Dictionary<string, byte[]?>());
        var removal = world.Source.Commit("main", "Remove", new Dictionary<string, byte[]?> { ["a.json"] = null });
        await world.FetchAsync();

        var steps = await world.Mirror.WalkFirstParentAsync(null, removal).ToListAsync();

        Assert.Equal([root, change, merge, empty, removal], steps.Select(step => step.Sha));
        Assert.Equal([null, root, change, merge, empty], steps.Select(step => step.Parent));
        Assert.Equal(["A a.json", "A b.json,M a.json", "A side.json", "", "D a.json"], steps.Select(Summary));
        Assert.Equal(("Ann Ämble", "ann@acme.test", "Änder body"), (steps[1].AuthorName, steps[1].AuthorEmail, steps[1].Subject));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_790_000_060), steps[0].AuthoredAt);
        Assert.Equal(new string('0', 40), steps[0].Changes[0].OldOid);

        Assert.Equal([merge, empty, removal], (await world.Mirror.WalkFirstParentAsync(change, removal).ToListAsync()).Select(step => step.Sha));
        Assert.Empty(await world.Mirror.WalkFirstParentAsync(removal, removal).ToListAsync());
        Assert.Equal([removal, empty, merge, change, root], await world.Mirror.FirstParentChainAsync(removal).ToListAsync());
        Assert.True(await world.Mirror.IsOnFirstParentChainAsync(root, removal));
        Assert.True(await world.Mirror.IsOnFirstParentChainAsync(removal, removal));
        Assert.False(await world.Mirror.IsOnFirstParentChainAsync(side, removal));
        Assert.False(await world.Mirror.IsOnFirstParentChainAsync(removal, root));
        Assert.False(await world.Mirror.IsOnFirstParentChainAsync(new string('a', 40), removal));
    }

    [Fact]
    public async Task A_walk_that_is_left_early_stops_git()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        var head = world.Source.Commit("main", "a.json", "2");
        await world.FetchAsync();

        await foreach (var step in world.Mirror.WalkFirstParentAsync(null, head))
        {
            Assert.NotNull(step.Sha);
            break;
        }

        Assert.Equal(2, await world.Mirror.FirstParentChainAsync(head).CountAsync());
    }

    [Fact]
    public async Task A_force_push_moves_the_branch_and_a_removed_branch_goes()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        world.Source.Commit("old", "a.json", "1");
        await world.FetchAsync();

        var rewritten = world.Source.Commit("main", "Anew", new Dictionary<string, byte[]?> { ["b.json"] = "x"u8.ToArray() }, restart: true);
        world.Source.Git(["branch", "-D", "old"]);
        await world.FetchAsync();

        Assert.Equal(rewritten, await world.Mirror.ResolveAsync("main"));
        Assert.Null(await world.Mirror.ResolveAsync("old"));
    }

    [Fact]
    public async Task An_empty_repository_is_fetched_without_a_complaint()
    {
        await using var world = await GitWorld.StartAsync();

        Assert.Equal(GitFetchOutcome.Created, await world.FetchAsync());

        Assert.Null(await world.Mirror.ResolveAsync("main"));
        Assert.Empty(await GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, []));
    }

    [Fact]
    public async Task Progress_is_told()
    {
        await using var world = await GitWorld.StartAsync();
        world.Source.Commit("main", "a.json", "1");
        var seen = new System.Collections.Concurrent.ConcurrentQueue<GitProgress>();

        await world.Mirror.FetchAsync(world.Remote, GitWorld.GiveToken, new GitFetch(["+refs/heads/main:refs/heads/main"]), new Direct(seen.Enqueue));

        Assert.Contains(seen, progress => progress.Done > 0 && progress.Total > 0);
    }

    [Fact]
    public async Task Refs_are_listed_with_the_head_and_peeled_tags()
    {
        await using var world = await GitWorld.StartAsync();
        var head = world.Source.Commit("main", "a.json", "1");
        world.Source.Git(["-c", "user.name=a", "-c", "user.email=a@acme.test", "tag", "-a", "-m", "one", "v1", head]);
        world.Source.Git(["branch", "odd/näme#1%20", head]);

        var refs = await GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, []);

        Assert.Equal(["HEAD", "refs/heads/main", "refs/heads/odd/näme#1%20", "refs/tags/v1"], refs.Select(found => found.Name));
        Assert.Equal("refs/heads/main", refs[0].Target);
        Assert.Equal(head, refs[3].PeeledSha);
        Assert.NotEqual(head, refs[3].Sha);
        Assert.Equal(["refs/heads/main"], (await GitRemote.ListRefsAsync(world.Remote, GitWorld.GiveToken, ["refs/heads/main"])).Select(found => found.Name));
    }

    private static string Summary(CommitStep step) =>
        string.Join(',', step.Changes.Select(change => $"{change.Status} {change.Path}").Order(StringComparer.Ordinal));

    private sealed class Direct(Action<GitProgress> report) : IProgress<GitProgress>
    {
        public void Report(GitProgress value) => report(value);
    }
}
