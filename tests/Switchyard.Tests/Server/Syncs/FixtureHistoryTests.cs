using System.Text.Json;
using Switchyard.Server.Storage;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Syncs;

public sealed class FixtureHistoryTests
{
    public static TheoryData<DatabaseKind, string> Cases =>
    [
        (DatabaseKind.Sqlite, "sample-data-models"), (DatabaseKind.Sqlite, "books"), (DatabaseKind.PostgreSql, "sample-data-models"), (DatabaseKind.PostgreSql, "books"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_full_sync_gives_exactly_the_expected_figures(DatabaseKind kind, string name)
    {
        var expected = Expected(name);
        await using var world = await SyncWorld.StartAsync(kind);
        world.Load(SharedFolder.Require($"fixtures/models/{name}.bundle"));
        world.DefaultBranch = expected.GetProperty("defaultBranch").GetString()!;

        var sync = await world.SyncAsync();

        Assert.Equal(expected.GetProperty("head").GetString(), sync.ToCommit);
        var atHead = expected.GetProperty("atHead");
        var history = expected.GetProperty("history");
        var head = await world.Database.ReadAsync(
            session => session.FirstAsync<HeadRow>(
                """
                select count(*) as models, sum(size) as bytes, sum(containers) as containers, sum(entities) as entities, sum(reference_entities) as reference_entities,
                  sum(attribute_nodes) as attribute_nodes, sum(own_attributes) as own_attributes, sum(attributes) as attributes, sum(relationships) as relationships,
                  sum(views) as views, sum(definitions) as definitions, count(distinct blob) as blobs
                from models where state = 'Active' and format = 'hackolade'
                """),
            CancellationToken.None);
        Assert.Equal(
            new HeadRow
            {
                Models = Number(atHead, "modelFiles"),
                Bytes = Number(atHead, "bytes"),
                Containers = Number(atHead, "containers"),
                Entities = Number(atHead, "entities"),
                ReferenceEntities = Number(atHead, "referenceEntities"),
                AttributeNodes = Number(atHead, "attributeNodes"),
                OwnAttributes = Number(atHead, "attributes"),
                Attributes = Number(atHead, "attributesResolved"),
                Relationships = Number(atHead, "relationships"),
                Views = Number(atHead, "views"),
                Definitions = Number(atHead, "definitions"),
                Blobs = Number(atHead, "distinctBlobs"),
            },
            head);

        var totals = await world.Database.ReadAsync(
            session => session.FirstAsync<HistoryRow>(
                """
                select
                  (select count(*) from versions where format = 'hackolade') as versions,
                  (select count(*) from removals r join models m on m.id = r.model_id where m.format = 'hackolade') as removed,
                  (select count(distinct model_id) from versions where format = 'hackolade') as paths_ever,
                  (select count(*) from versions v join models m on m.id = v.model_id join models f on f.path = v.moved_from
                   where v.format = 'hackolade' and f.format = 'hackolade') as exact_renames,
                  (select count(distinct commit_id) from (
                    select commit_id from versions where format = 'hackolade' union
                    select r.commit_id from removals r join models m on m.id = r.model_id where m.format = 'hackolade') touched) as commits_touching_models
                """),
            CancellationToken.None);
        Assert.Equal(
            new HistoryRow
            {
                Versions = Number(history, "versions"),
                Removed = Number(history, "removed"),
                PathsEver = Number(history, "pathsEver"),
                ExactRenames = Number(history, "exactRenames"),
                CommitsTouchingModels = Number(history, "commitsTouchingModels"),
            },
            totals);

        foreach (var file in expected.GetProperty("files").EnumerateArray())
        {
            Assert.Equal(Row(file), await ReadRowAsync(world.Database, file.GetProperty("path").GetString()!));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Replayed_as_pushes_one_by_one_or_with_jumps_it_equals_a_sync_from_scratch(DatabaseKind kind, string name)
    {
        await using var world = await SyncWorld.StartAsync(kind);
        world.Load(SharedFolder.Require($"fixtures/models/{name}.bundle"));
        world.DefaultBranch = Expected(name).GetProperty("defaultBranch").GetString()!;
        var head = world.Source.Sha(world.DefaultBranch)!;
        var chain = world.Source.Git(["rev-list", "--first-parent", "--reverse", head]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var scratch = await world.FromScratchAsync();

        foreach (var sha in chain)
        {
            await world.PushAsync(sha);
            await world.SyncAsync();
        }

        Assert.Equal(scratch.Current, (await world.DumpAsync()).Current);

        // Back to the middle and to the root by force, forward again in jumps: nothing is lost, nothing is there twice.
        foreach (var sha in (string[])[chain[chain.Length / 2], chain[^1], chain[0], chain[chain.Length / 3], chain[^1]])
        {
            await world.PushAsync(sha);
            await world.SyncAsync();
        }

        var back = await world.DumpAsync();
        Assert.Equal(scratch.Current, back.Current);
        Assert.Empty(back.Rewritten);
    }

    private static JsonElement Expected(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Require("fixtures/models/expected.json")));
        return file.RootElement.GetProperty("repositories").EnumerateArray()
            .Single(repository => repository.GetProperty("repository").GetString() == "hackolade/" + name).Clone();
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static FileRow Row(JsonElement file) => new()
    {
        Path = file.GetProperty("path").GetString(),
        Blob = file.GetProperty("blob").GetString(),
        Size = Number(file, "bytes"),
        Name = file.GetProperty("name").GetString(),
        Target = file.GetProperty("appTarget").GetString(),
        Containers = Number(file, "containers"),
        Entities = Number(file, "entities"),
        ReferenceEntities = Number(file, "referenceEntities"),
        AttributeNodes = Number(file, "attributeNodes"),
        OwnAttributes = Number(file, "attributes"),
        Attributes = Number(file, "attributesResolved"),
        Relationships = Number(file, "relationships"),
        Views = Number(file, "views"),
        Definitions = Number(file, "definitions"),
        VersionCount = Number(file, "versions"),
        First = file.GetProperty("firstVersion").GetString(),
        Last = file.GetProperty("lastVersion").GetString(),
    };

    private static Task<FileRow?> ReadRowAsync(Database database, string path) =>
        database.ReadAsync(
            session => session.FirstAsync<FileRow>(
                """
                select m.path, m.blob, m.size, m.name, m.target, m.containers, m.entities, m.reference_entities, m.attribute_nodes, m.own_attributes, m.attributes,
                  m.relationships, m.views, m.definitions, m.version_count,
                  (select c.sha from versions v join commits c on c.id = v.commit_id where v.model_id = m.id order by v.position limit 1) as first,
                  (select c.sha from versions v join commits c on c.id = v.commit_id where v.model_id = m.id order by v.position desc limit 1) as last
                from models m where m.path = @path
                """,
                new { path }),
            CancellationToken.None);

    private sealed record HeadRow
    {
        public long Models { get; init; }

        public long Bytes { get; init; }

        public long Containers { get; init; }

        public long Entities { get; init; }

        public long ReferenceEntities { get; init; }

        public long AttributeNodes { get; init; }

        public long OwnAttributes { get; init; }

        public long Attributes { get; init; }

        public long Relationships { get; init; }

        public long Views { get; init; }

        public long Definitions { get; init; }

        public long Blobs { get; init; }
    }

    private sealed record HistoryRow
    {
        public long Versions { get; init; }

        public long Removed { get; init; }

        public long PathsEver { get; init; }

        public long ExactRenames { get; init; }

        public long CommitsTouchingModels { get; init; }
    }

    private sealed record FileRow
    {
        public string? Path { get; init; }

        public string? Blob { get; init; }

        public long Size { get; init; }

        public string? Name { get; init; }

        public string? Target { get; init; }

        public long Containers { get; init; }

        public long Entities { get; init; }

        public long ReferenceEntities { get; init; }

        public long AttributeNodes { get; init; }

        public long OwnAttributes { get; init; }

        public long Attributes { get; init; }

        public long Relationships { get; init; }

        public long Views { get; init; }

        public long Definitions { get; init; }

        public long VersionCount { get; init; }

        public string? First { get; init; }

        public string? Last { get; init; }
    }
}
