using System.Text;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Tests.GitHub.Git;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

/// <summary>
/// The rule of the catalogue, section 4, on histories made for it. Each is walked at once and commit by commit, and both must
/// say the same.
/// </summary>
public sealed class VersionRuleTests
{
    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_full_Sync_that_finds_nothing_new_reports_no_change(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("b.hck.json", Files.Hackolade("B", "one")));
        world.Source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two")));
        world.Source.Commit(("b.hck.json", null));
        var first = await world.SyncAsync();
        Assert.Equal((2, 1, 1, 3), (first.ModelsAdded, first.ModelsChanged, first.ModelsRemoved, first.VersionsAdded));

        var again = await world.RequestAsync(SyncMode.Full);

        Assert.Equal(SyncState.Succeeded, again.State);
        Assert.Equal((0, 0, 0, 0), (again.ModelsAdded, again.ModelsChanged, again.ModelsRemoved, again.VersionsAdded));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_model_that_is_removed_leaves_a_tombstone_and_goes_on_counting_when_it_returns(DatabaseKind kind)
    {
        var dump = await WalkAsync(
            kind,
            source => source.Commit(("a.hck.json", Files.Hackolade("A", "one")), ("keep.txt", "x")),
            source => source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two"))),
            source => source.Commit(("a.hck.json", null)),
            source => source.Commit(("keep.txt", "y")),
            source => source.Commit(("a.hck.json", Files.Hackolade("A", "one", "two"))));

        Assert.Equal(["a.hck.json|v1", "a.hck.json|v2", "a.hck.json|v3"], dump.Versions.Select(Head));
        Assert.Single(dump.Removals);
        Assert.Contains("|Active|", Assert.Single(dump.Models));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Exact_renames_are_linked_in_order_of_their_paths_and_numbered_anew(DatabaseKind kind)
    {
        var same = Files.Hackolade("Same", "one");
        var dump = await WalkAsync(
            kind,
            source => source.Commit(("b.hck.json", same), ("a.hck.json", same), ("c.hck.json", same), ("other.hck.json", Files.Hackolade("Other", "x"))),
            source => source.Commit(("a.hck.json", null), ("b.hck.json", null), ("z/2.hck.json", same), ("z/1.hck.json", same), ("other.hck.json", null), ("new.hck.json", Files.Hackolade("Other", "y"))));

        Assert.Contains(dump.Versions, line => line.StartsWith("z/1.hck.json|v1|", StringComparison.Ordinal) && line.Contains("|from a.hck.json|"));
        Assert.Contains(dump.Versions, line => line.StartsWith("z/2.hck.json|v1|", StringComparison.Ordinal) && line.Contains("|from b.hck.json|"));
        Assert.Contains(dump.Versions, line => line.StartsWith("new.hck.json|v1|", StringComparison.Ordinal) && line.Contains("|from -|"));
        Assert.Contains(dump.Removals, line => line.StartsWith("a.hck.json|", StringComparison.Ordinal) && line.EndsWith("|to z/1.hck.json", StringComparison.Ordinal));
        Assert.Contains(dump.Removals, line => line.StartsWith("other.hck.json|", StringComparison.Ordinal) && line.EndsWith("|to -", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_plain_json_model_stays_one_while_it_does_not_parse_and_ends_when_it_is_something_else(DatabaseKind kind)
    {
        var dump = await WalkAsync(
            kind,
            source => source.Commit(("m.json", """{ "just": "data" }""")),
            source => source.Commit(("m.json", "not json, and never was a model")),
            source => source.Commit(("m.json", Files.Hackolade("M", "one"))),
            source => source.Commit(("m.json", "<<<<<<< HEAD\n" + Files.Hackolade("M", "one"))),
            source => source.Commit(("m.json", "<<<<<<< HEAD again\n" + Files.Hackolade("M", "one"))),
            source => source.Commit(("m.json", """{ "just": "data" }""")),
            source => source.Commit(("m.json", "broken")),
            source => source.Commit(("m.json", Files.Hackolade("M", "one", "two"))),
            source => source.Commit(("m.json", "broken at the head")));

        Assert.Equal(["m.json|v1", "m.json|v2", "m.json|v3", "m.json|v4", "m.json|v5"], dump.Versions.Select(Head));
        Assert.Equal(["Ready", "Failed", "Failed", "Ready", "Failed"], dump.Versions.Select(line => line.Split('|')[11]));
        Assert.Single(dump.Removals);
        Assert.Contains("|Active|hackolade|", Assert.Single(dump.Models));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Links_and_submodules_are_no_models_and_a_mode_is_no_version(DatabaseKind kind)
    {
        var text = Files.Hackolade("A", "one");
        var dump = await WalkAsync(
            kind,
            source => source.CommitModes(("100644", "a.hck.json", text), ("120000", "link.hck.json", "a.hck.json"), ("160000", "sub.hck.json", new string('1', 40)), ("120000", "link.json", "a.hck.json")),
            source => source.CommitModes(("100755", "a.hck.json", text)),
            source => source.CommitModes(("120000", "a.hck.json", "elsewhere")),
            source => source.CommitModes(("100644", "a.hck.json", text), ("100644", "link.hck.json", text)));

        Assert.Equal(["a.hck.json|v1", "a.hck.json|v2", "link.hck.json|v1"], dump.Versions.Select(Head));
        Assert.Equal("a.hck.json", Assert.Single(dump.Removals).Split('|')[0]);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_merge_counts_through_its_first_parent_only(DatabaseKind kind)
    {
        var dump = await WalkAsync(
            kind,
            source => source.Commit(("a.hck.json", Files.Hackolade("A", "one"))),
            source =>
            {
                source.Git(["update-ref", "refs/heads/side", source.Sha("main")!]);
                source.Commit("side", "b.hck.json", Files.Hackolade("B", "1"));
                source.Commit("side", "b.hck.json", Files.Hackolade("B", "1", "2"));
                source.Commit("side", "a.hck.json", Files.Hackolade("A", "from side"));
                return source.Commit(
                    "main",
                    "Merge side",
                    new Dictionary<string, byte[]?> { ["b.hck.json"] = System.Text.Encoding.UTF8.GetBytes(Files.Hackolade("B", "1", "2")) },
                    merge: source.Sha("side"));
            });

        Assert.Equal(["a.hck.json|v1", "b.hck.json|v1"], dump.Versions.Select(Head));
        Assert.Contains("|2|Merge side|", dump.Versions[1].Replace("|2|2|", "|2|", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_folder_model_has_a_version_for_each_change_of_its_members(DatabaseKind kind)
    {
        var dump = await WalkAsync(
            kind,
            source => source.Commit(("m/requirements.txt", "scikit-learn==1.4.0"), ("n/requirements.txt", "x"), ("README.md", "top")),
            source => source.Commit(("m/MLmodel", Files.MlModel)),
            source => source.Commit(("m/requirements.txt", "scikit-learn==1.5.0")),
            source => source.Commit(("m/notes.txt", "no member"), ("n/requirements.txt", "y"), ("README.md", "top 2")),
            source => source.Commit(("m/conda.yaml", "name: x")),
            source => source.Commit(("m/MLmodel", null)),
            source => source.Commit(("m/conda.yaml", null)),
            source => source.Commit(("m/MLmodel", Files.MlModel)),
            source => source.Commit(("m/MLmodel", null), ("m/requirements.txt", null), ("k/MLmodel", Files.MlModel), ("k/requirements.txt", "scikit-learn==1.5.0")));

        Assert.Equal(["k|v1", "m|v1", "m|v2", "m|v3", "m|v4"], dump.Versions.Select(Head));
        Assert.Contains("|from m|", dump.Versions[0]);
        Assert.Equal(2, dump.Removals.Count);
        Assert.Equal(["k|Folder|Active|mlflow", "m|Folder|Removed|mlflow"], dump.Models.Select(line => string.Join('|', line.Split('|')[..4])));
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Any_file_name_that_git_allows_is_a_path(DatabaseKind kind)
    {
        string[] names = ["sp ace & ’quote’.hck.json", "tab\tand\nline.hck.json", "\"quoted\"\\.hck.json", "über/モデル/😀.hck.json", "-dash.hck.json", ":(icase)x.hck.json", "UPPER.HCK.JSON", "a|b.hck.json", "..hidden/..hck.json.hck.json"];
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Commit([.. names.Select(name => (name, (string?)Files.Hackolade(name.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), "one")))]);
        await world.SyncAsync();
        world.Source.Commit([.. names.Select(name => (name, (string?)Files.Hackolade("second", "one")))]);
        await world.SyncAsync();

        var paths = await world.Database.ReadAsync(
            session => session.QueryAsync<string>("select path from models where version_count = 2 and state = 'Active' and name = 'second'"), CancellationToken.None);
        Assert.Equal(names.Order(StringComparer.Ordinal), paths.Order(StringComparer.Ordinal));
        Assert.Equal((await world.FromScratchAsync()).Current, (await world.DumpAsync()).Current);
    }

    [Theory]
    [MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task A_byte_that_is_not_UTF8_and_its_written_form_are_two_paths(DatabaseKind kind)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Source.Git(
            ["fast-import", "--quiet", "--force"],
            Encoding.UTF8.GetBytes(
                """
                commit refs/heads/main
                committer Bob <bob@acme.test> 1790100000 +0000
                data 3
                Odd
                M 100644 inline "bad\377.avsc"
                data 8
                "string"
                M 100644 inline "bad\\xFF.avsc"
                data 5
                "int"
                M 100644 inline "left\\xFF.avsc"
                data 5
                "int"
                M 100644 inline .switchyardignore
                data 14
                left\\xFF.avsc


                """));
        await world.SyncAsync();

        Assert.Equal([@"bad\x5CxFF.avsc", @"bad\xFF.avsc"], await world.PathsAsync());
        Assert.Equal(2, await world.CountAsync("select count(distinct blob) from models"));
    }

    private static string Head(string line) => string.Join('|', line.Split('|')[..2]);

    /// <summary>Walks the commits one push at a time, and again from scratch; gives the dump that both agree on.</summary>
    private static async Task<SyncDump> WalkAsync(DatabaseKind kind, params Func<SourceRepository, string>[] commits)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        foreach (var commit in commits)
        {
            commit(world.Source);
            await world.SyncAsync();
        }

        var stepwise = await world.DumpAsync();
        var atOnce = await world.FromScratchAsync(kind);
        Assert.Equal(atOnce.Current, stepwise.Current);
        Assert.Empty(stepwise.Rewritten);

        // And a full Sync over what is recorded changes nothing.
        await world.RequestAsync("full");
        Assert.Equal(atOnce.Current, (await world.DumpAsync()).Current);
        return atOnce;
    }
}
