using System.Globalization;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models;

/// <summary>Reads the catalogue: models, their Versions, and what is found in them.</summary>
internal sealed class ModelStore(Database database)
{
    private const string Columns =
        """
        m.id, m.repository_id, p.slug as provider, r.owner || '/' || r.name as repository, r.html_url as repository_url, r.synced_head, m.path, m.kind, m.state, m.format, m.name,
        m.technical_name, m.target, m.status, m.problem_count, m.containers, m.entities, m.reference_entities, m.attribute_nodes, m.own_attributes, m.attributes,
        m.relationships, m.views, m.definitions, m.blob, m.content_sha256, m.size, m.version_count, h.sha as head_commit, d.sha as removed_in, m.changed_at, m.shown_version,
        case when m.shown_version is null then m.content_sha256 else (select s.content_sha256 from versions s where s.model_id = m.id and s.number = m.shown_version and s.rewritten = 0) end as shown_sha256,
        case when m.shown_version is null then m.format else (select s.format from versions s where s.model_id = m.id and s.number = m.shown_version and s.rewritten = 0) end as shown_format,
        (select g.moved_to from removals g where g.model_id = m.id and g.commit_id = m.removed_in_id and g.rewritten = 0) as moved_to
        """;

    private const string From =
        """
        models m join repositories r on r.id = m.repository_id join providers p on p.id = r.provider_id
        left join commits h on h.id = m.head_commit_id left join commits d on d.id = m.removed_in_id
        """;

    private const string VersionColumns =
        """
        v.id, v.model_id, v.number, v.position, v.blob, v.content_sha256, v.format, v.size, v.status, v.problem_count, v.moved_from, v.rewritten, v.added_by,
        c.sha, c.author_name, c.author_email, c.authored_at, c.committed_at, c.subject
        """;

    public Task<(List<ModelRow> Rows, long Total)> ListAsync(ModelFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var (where, values) = Where(session, filter);
                values["limit"] = page.Limit + 1;
                (values["afterRepository"], values["afterPath"]) = AfterOf(page);
                var rows = await session.QueryAsync<ModelRow>(
                    $"""
                    select {Columns} from {From} where {where} and (m.repository_id > @afterRepository or (m.repository_id = @afterRepository and m.path > @afterPath))
                    order by m.repository_id, m.path limit @limit
                    """,
                    values);
                var total = await session.ScalarAsync<long>($"select count(*) from models m join repositories r on r.id = m.repository_id where {where}", values);
                return (rows, total);
            },
            cancellation);

    public static string CursorOf(ModelRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.RepositoryId}:{row.Path}");

    /// <summary>Models in which the text occurs, those whose name has it first.</summary>
    public Task<(List<ModelRow> Rows, long Total)> SearchAsync(ModelFilter filter, long offset, int limit, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var (where, values) = Where(session, filter);
                (values["offset"], values["limit"]) = (offset, limit);
                var rows = await session.QueryAsync<ModelRow>(
                    $"""
                    select {Columns} from {From} where {where}
                    order by case when lower(m.name) = @q then 0 when {Contains(session, "lower(m.name)")} then 1 else 2 end, m.name, m.id limit @limit offset @offset
                    """,
                    values);
                var total = await session.ScalarAsync<long>($"select count(*) from models m join repositories r on r.id = m.repository_id where {where}", values);
                return (rows, total);
            },
            cancellation);

    public Task<ModelRow?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<ModelRow>($"select {Columns} from {From} where m.id = @id and r.unlinked = 0", new { id }), cancellation);

    public Task<ModelRow?> FindByPathAsync(long repositoryId, string path, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<ModelRow>($"select {Columns} from {From} where m.repository_id = @repositoryId and m.path = @path and r.unlinked = 0", new { repositoryId, path }), cancellation);

    public async Task<ModelTexts> ReadTextsAsync(long id, CancellationToken cancellation) =>
        await database.ReadAsync(session => session.FirstAsync<ModelTexts>("select problems, facts from models where id = @id", new { id }), cancellation) ?? new ModelTexts();

    /// <summary>The Versions of a model, newest first; those that a force push dropped are among them.</summary>
    public Task<(List<VersionRow> Rows, long Total)> ListVersionsAsync(long modelId, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<VersionRow>(
                    $"""
                    select {VersionColumns} from versions v join commits c on c.id = v.commit_id
                    where v.model_id = @modelId order by v.rewritten, v.position desc, v.id desc limit @limit offset @offset
                    """,
                    new { modelId, limit = page.Limit + 1, offset = page.AfterId ?? 0 });
                return (rows, await session.ScalarAsync<long>("select count(*) from versions where model_id = @modelId", new { modelId }));
            },
            cancellation);

    /// <summary>A Version by its number, or by the SHA of its commit or the beginning of it; also one that a force push dropped.</summary>
    public Task<VersionRow?> FindVersionAsync(long modelId, string version, CancellationToken cancellation)
    {
        var number = long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && version.Length < 7 ? parsed : -1;
        var sha = version.Length >= 7 && version.All(char.IsAsciiHexDigit) ? version.ToLowerInvariant() + "%" : "";
        return database.ReadAsync(
            session => session.FirstAsync<VersionRow>(
                $"""
                select {VersionColumns} from versions v join commits c on c.id = v.commit_id
                where v.model_id = @modelId and (v.number = @number or c.sha like @sha) order by v.rewritten, v.position desc limit 1
                """,
                new { modelId, number, sha }),
            cancellation);
    }

    public static (string Sql, Dictionary<string, object?> Values) Where(DbSession session, ModelFilter filter)
    {
        var conditions = new List<string> { "r.unlinked = 0" };
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        void Add(string condition, string name, object value)
        {
            conditions.Add(condition);
            values[name] = value;
        }

        if (!string.IsNullOrWhiteSpace(filter.Q))
        {
            Add(
                $"({Contains(session, "m.search_text")} or {Contains(session, "lower(m.path)")} or {Contains(session, "lower(r.owner || '/' || r.name)")})",
                "q",
                filter.Q.Trim().ToLowerInvariant());
        }

        if (filter.Format is { Length: > 0 } format)
        {
            Add("m.format = @format", "format", format.ToLowerInvariant());
        }

        if (filter.Provider is { Length: > 0 } provider)
        {
            Add("r.provider_id = (select id from providers where slug = @provider)", "provider", provider);
        }

        if (filter.Repository is { Length: > 0 } repository)
        {
            var byId = long.TryParse(repository, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            Add(byId ? "r.id = @repository" : "lower(r.owner || '/' || r.name) = @repository", "repository", byId ? id : repository.ToLowerInvariant());
        }

        if (filter.Kind is { Length: > 0 } kind)
        {
            Add("lower(m.kind) = @kind", "kind", kind.ToLowerInvariant());
        }

        if (filter.Folder?.Trim('/') is { Length: > 0 } folder)
        {
            Add("substr(m.path, 1, length(@folder) + 1) = @folder || '/'", "folder", folder);
        }

        if (filter.Status is { Length: > 0 } status)
        {
            Add("lower(m.status) = @status", "status", status.ToLowerInvariant());
        }

        if (filter.State is { Length: > 0 } state)
        {
            Add("lower(m.state) = @state", "state", state.ToLowerInvariant());
        }

        return (string.Join(" and ", conditions), values);
    }

    private static string Contains(DbSession session, string column) => session.Dialect.IsPostgreSql ? $"strpos({column}, @q) > 0" : $"instr({column}, @q) > 0";

    private static (long Repository, string Path) AfterOf(PageRequest page) =>
        page.After?.Split(':', 2) is [var repository, var path] && long.TryParse(repository, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (id, path) : (0, "");
}
