using Switchyard.Catalog;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models.History;

/// <summary>A model whose last Version cannot be read, and the Version to show of it; the number is null where none ever could be.</summary>
internal sealed record UnreadableModel
{
    public long Id { get; init; }

    public long? Number { get; init; }

    /// <summary>What to read: of the Version to show, or of the last one.</summary>
    public StaleDisplay Shown { get; init; } = new();
}

/// <summary>
/// A Version that cannot be read (conflict markers, broken JSON) is kept, and what the model holds is shown as of the last one
/// that can be, and said to be stale (catalogue, section 2.6).
/// </summary>
internal static class LastReadable
{
    public const string Failed = nameof(ModelStatus.Failed);

    /// <summary>Of Versions whose content can be shown, for SQL.</summary>
    public const string Statuses = $"'{nameof(ModelStatus.Ready)}', '{nameof(ModelStatus.Partial)}'";

    /// <summary>What a model holds, apart from what it is and how it fares.</summary>
    public static readonly string[] Columns =
    [
        "name", "technical_name", "target", "containers", "entities", "reference_entities", "attribute_nodes", "own_attributes", "attributes", "relationships", "views",
        "definitions", "facts", "search_text",
    ];

    /// <param name="session">The session.</param>
    /// <param name="repositoryId">The repository.</param>
    /// <param name="all">Also those that name the right Version: another reader may see more in it.</param>
    public static async Task<List<UnreadableModel>> FindAsync(DbSession session, long repositoryId, bool all)
    {
        var rows = await session.QueryAsync<Row>(
            $"""
            select m.id, m.path, m.kind, m.state, g.number, coalesce(g.blob, m.blob) as blob, coalesce(g.format, m.format) as format,
              case when g.id is null then m.content_sha256 else g.content_sha256 end as content_sha256
            from models m
            left join versions g on g.id = (
              select x.id from versions x where x.model_id = m.id and x.rewritten = 0 and x.status in ({Statuses}) order by x.position desc limit 1)
            where m.repository_id = @repositoryId and m.status = '{Failed}' and m.status <> 'Ready' and m.state <> '{ModelState.Ignored}'
              and (@all = 1 or coalesce(m.shown_version, 0) <> coalesce(g.number, 0))
            order by m.id
            """,
            new { repositoryId, all = all ? 1 : 0 });
        return rows.ConvertAll(row => new UnreadableModel
        {
            Id = row.Id,
            Number = row.Number,
            Shown = new StaleDisplay { ModelId = row.Id, Path = row.Path, Kind = row.Kind, State = row.State, Blob = row.Blob, Format = row.Format, ContentSha256 = row.ContentSha256 },
        });
    }

    /// <summary>Shows what the Version holds.</summary>
    public static Task ShowAsync(DbSession session, UnreadableModel model, ModelDisplay display) =>
        session.ExecuteAsync(
            $"""
            update models set shown_version = @Number, name = @Name, technical_name = @TechnicalName, target = @Target, containers = @Containers, entities = @Entities,
              reference_entities = @ReferenceEntities, attribute_nodes = @AttributeNodes, own_attributes = @Own, attributes = @AttributesResolved,
              relationships = @Relationships, views = @Views, definitions = @Definitions, facts = @Facts, search_text = @SearchText
            where id = @Id and status = '{Failed}'
            """,
            new
            {
                model.Id,
                model.Number,
                Name = Clean(display.Name),
                TechnicalName = Clean(display.TechnicalName),
                Target = Clean(display.Target),
                display.Counts.Containers,
                display.Counts.Entities,
                display.Counts.ReferenceEntities,
                display.Counts.AttributeNodes,
                Own = display.Counts.Attributes,
                display.Counts.AttributesResolved,
                display.Counts.Relationships,
                display.Counts.Views,
                display.Counts.Definitions,
                Facts = Clean(display.Facts),
                SearchText = Clean(display.SearchText),
            });

    private static string? Clean(string? text) => BulkInsert<UnreadableModel>.Clean(text);

    private sealed record Row
    {
        public long Id { get; init; }

        public string Path { get; init; } = "";

        public string Kind { get; init; } = "";

        public string State { get; init; } = "";

        public long? Number { get; init; }

        public string Blob { get; init; } = "";

        public string Format { get; init; } = "";

        public byte[]? ContentSha256 { get; init; }
    }
}
