using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Faults;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Histories;

/// <summary>
/// The histories of the two fixtures, told as pushes one by one: in order, shuffled, doubled, with every third one dropped,
/// and with force pushes between. The hub ends up as after a full sync from scratch.
/// </summary>
public sealed class ReplayTests
{
    public static TheoryData<string, string> Fixtures => new()
    {
        { "sqlite", "books" },
        { "postgresql", "books" },
        { "sqlite", "sample-data-models" },
        { "postgresql", "sample-data-models" },
    };

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task The_hub_is_the_same_however_the_pushes_arrive(string kind, string fixture)
    {
        var bundle = SharedFolder.Require("fixtures", "models", fixture + ".bundle");
        await using var stage = await Stage.StartAsync(kind);
        var whole = $"{Stage.Account}/whole";
        await stage.GitHub.AddAsync(whole, bundle);
        await stage.QuietAsync(whole);
        var expected = await stage.Hub.DumpAsync(whole);
        var wrong = new List<string>();
        foreach (var (name, fault, arguments) in Ways)
        {
            var repository = $"{Stage.Account}/{name}";
            var chain = await BeginAsync(stage, repository, bundle, whole);
            if (fault is not null)
            {
                await stage.GitHub.FaultAsync(fault, (JsonObject)arguments!.DeepClone());
            }

            foreach (var (sha, i) in chain.Skip(1).Select((sha, i) => (sha, i)))
            {
                await stage.GitHub.MoveAsync(repository, chain.Reference, sha);
                if (i % 8 == 7)
                {
                    // Otherwise one Sync would take all pushes at once, and the order would never matter.
                    await stage.GitHub.IdleAsync();
                }
            }

            if (fault is not null)
            {
                await stage.GitHub.ClearAsync(fault);
            }

            await stage.QuietAsync(repository);
            Note(wrong, name, expected, await stage.Hub.DumpAsync(repository));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Each_push_is_mirrored_by_itself_and_a_full_sync_changes_nothing(string kind)
    {
        var bundle = SharedFolder.Require("fixtures", "models", "sample-data-models.bundle");
        await using var stage = await Stage.StartAsync(kind);
        var whole = $"{Stage.Account}/whole";
        await stage.GitHub.AddAsync(whole, bundle);
        await stage.QuietAsync(whole);
        var expected = await stage.Hub.DumpAsync(whole);
        var repository = $"{Stage.Account}/steps";
        var chain = await BeginAsync(stage, repository, bundle, whole);
        await stage.QuietAsync(repository);
        foreach (var sha in chain.Skip(1))
        {
            await stage.GitHub.MoveAsync(repository, chain.Reference, sha);
            await stage.QuietAsync(repository);
        }

        var wrong = new List<string>();
        Note(wrong, "step by step", expected, await stage.Hub.DumpAsync(repository));
        await FullSyncAsync(stage, repository);
        Note(wrong, "step by step, then in full", expected, await stage.Hub.DumpAsync(repository));

        // Back to the second commit by force, on with a commit of its own, and back by force to where it was.
        await stage.GitHub.CommitAsync(
            repository, new JsonObject { ["other/aside.hck.json"] = SyncWorld.SmallModel("aside") }, "Aside", new JsonObject { ["parent"] = chain[1], ["force"] = true });
        await stage.QuietAsync(repository);
        await stage.GitHub.MoveAsync(repository, chain.Reference, chain[^1]);
        await stage.QuietAsync(repository);
        var after = await stage.Hub.DumpAsync(repository);
        Note(wrong, "forced away and back", OnChain(expected), OnChain(after));
        Assert.Contains("other/aside.hck.json", after, StringComparison.Ordinal);
        Assert.Empty(wrong);
    }

    private static IReadOnlyList<(string Name, string? Fault, JsonObject? Arguments)> Ways =>
    [
        ("in-order", null, null),
        ("shuffled", "deliveries.shuffle", new JsonObject { ["window"] = 8 }),
        ("doubled", "deliveries.duplicate", new JsonObject { ["copies"] = 2, ["concurrent"] = true }),
        ("third-dropped", "deliveries.drop", new JsonObject { ["every"] = 3, ["event"] = "push" }),
        ("third-dropped-unlogged", "deliveries.drop", new JsonObject { ["every"] = 3, ["event"] = "push", ["logged"] = false }),
    ];

    /// <summary>A repository with all objects of the bundle whose default branch is at its first commit.</summary>
    private static async Task<Chain> BeginAsync(Stage stage, string repository, string bundle, string whole)
    {
        var facts = await stage.GitHub.FindAsync(whole);
        var branch = "refs/heads/" + facts["defaultBranch"];
        var commits = await Git.FirstParentsAsync(facts["folder"]!.ToString(), branch);
        await stage.GitHub.AddAsync(repository, bundle, commits[0]);
        return new Chain(branch, commits);
    }

    private static async Task FullSyncAsync(Stage stage, string repository)
    {
        var id = (await stage.Hub.RepositoryAsync(repository))["id"];
        await stage.Hub.PostAsync($"/api/v1/repositories/{id}/sync", new JsonObject { ["mode"] = "full" });
        await Waiting.UntilAsync(
            async () => (await stage.Hub.ListAsync($"/api/v1/syncs?repository={Uri.EscapeDataString(repository)}")).Where(sync => sync["mode"]!.ToString().Equals("full", StringComparison.OrdinalIgnoreCase)).Select(sync => sync["state"]!.ToString()).FirstOrDefault(),
            state => state == "Succeeded",
            Stage.Patience,
            "the full sync has succeeded");
        await stage.QuietAsync(repository);
    }

    private static void Note(List<string> wrong, string what, string expected, string actual)
    {
        var compared = SyncWorld.Compare(expected, actual);
        if (compared != SyncWorld.Same)
        {
            wrong.Add($"{what}: {compared}");
        }
    }

    /// <summary>Without what a force push dropped, which stays beside it, marked.</summary>
    private static string OnChain(string dump) => string.Join('\n', dump.Split('\n').Skip(1).Where(line =>
        !line.Contains("rewritten=true", StringComparison.Ordinal) && !line.Contains("other/aside", StringComparison.Ordinal)));

    private sealed class Chain(string reference, IReadOnlyList<string> commits) : IEnumerable<string>
    {
        public string Reference => reference;

        public string this[Index at] => commits[at.GetOffset(commits.Count)];

        public IEnumerator<string> GetEnumerator() => commits.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
