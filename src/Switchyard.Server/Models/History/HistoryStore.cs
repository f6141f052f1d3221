using Switchyard.Server.Storage;

namespace Switchyard.Server.Models.History;

/// <summary>Writes what a Sync finds in the history: commits, models, Versions, removals. All of it may be written twice without harm.</summary>
internal sealed class HistoryStore
{
    /// <summary>
    /// What cannot be read says what it is and why; what it holds stays that of the last Version that could be read, so that a
    /// broken push hides nothing. <see cref="LastReadable"/> makes sure of that at the end of the Sync.
    /// </summary>
    private const string StaysReadable =
        $"excluded.status = '{LastReadable.Failed}' and (models.shown_version is not null or (models.version_count > 0 and models.status in ({LastReadable.Statuses})))";

    private static readonly string ShownColumns =
        $"""
        kind = excluded.kind, state = excluded.state, format = excluded.format, status = excluded.status, problem_count = excluded.problem_count,
        blob = excluded.blob, content_sha256 = excluded.content_sha256, size = excluded.size, problems = excluded.problems,
        shown_version = case when {StaysReadable} then coalesce(models.shown_version, models.version_count) end,
        {string.Join(", ", LastReadable.Columns.Select(column => $"{column} = case when {StaysReadable} then models.{column} else excluded.{column} end"))}
        """;

    private static readonly BulkInsert<CommitRow> Commits = new BulkInsert<CommitRow>(
        "commits", "on conflict (repository_id, sha) do update set on_chain = 1 returning sha, id")
        .Number("repository_id", row => row.RepositoryId)
        .Text("sha", row => row.Sha)
        .Number("position", row => row.Position)
        .Text("author_name", row => row.AuthorName)
        .Text("author_email", row => row.AuthorEmail)
        .Number("authored_at", row => row.AuthoredAt)
        .Number("committed_at", row => row.CommittedAt)
        .Text("subject", row => row.Subject);

    private static readonly BulkInsert<NewModel> ModelsAsRead = Models(
        $"on conflict (repository_id, path) do update set {ShownColumns} returning path, id");

    private static readonly BulkInsert<NewModel> ModelsAsOfVersion = Models(
        $"""
        on conflict (repository_id, path) do update set {ShownColumns},
          version_count = excluded.version_count, head_commit_id = excluded.head_commit_id, removed_in_id = null, changed_at = excluded.changed_at
        returning path, id
        """);

    private static readonly BulkInsert<NewModel> ModelsIfNew = Models("on conflict (repository_id, path) do update set path = excluded.path returning path, id");

    private static readonly BulkInsert<(NewVersion Row, long CommitId, long SyncId)> Versions = new BulkInsert<(NewVersion Row, long CommitId, long SyncId)>(
        "versions",
        """
        on conflict (model_id, position, commit_id) do update set number = excluded.number, blob = excluded.blob, content_sha256 = excluded.content_sha256,
          format = excluded.format, size = excluded.size, status = excluded.status, problem_count = excluded.problem_count,
          moved_from = excluded.moved_from, rewritten = 0, sync_id = excluded.sync_id
        """)
        .Number("model_id", version => version.Row.Model.ModelId)
        .Number("commit_id", version => version.CommitId)
        .Number("position", version => version.Row.Commit.Position)
        .Number("number", version => version.Row.Number)
        .Text("blob", version => version.Row.Unit.Key)
        .Bytes("content_sha256", version => version.Row.Unit.Sha256)
        .Text("format", version => version.Row.Unit.Facts!.Format)
        .Number("size", version => version.Row.Unit.Size)
        .Text("status", version => version.Row.Unit.Facts!.Status)
        .Number("problem_count", version => version.Row.Unit.Facts!.ProblemCount)
        .Text("moved_from", version => version.Row.MovedFrom)
        .Number("sync_id", version => version.SyncId)
        .Number("added_by", version => version.SyncId);

    private static readonly BulkInsert<(NewRemoval Row, long CommitId, long SyncId)> Removals = new BulkInsert<(NewRemoval Row, long CommitId, long SyncId)>(
        "removals",
        "on conflict (model_id, position, commit_id) do update set moved_to = excluded.moved_to, rewritten = 0, sync_id = excluded.sync_id")
        .Number("model_id", removal => removal.Row.Model.ModelId)
        .Number("commit_id", removal => removal.CommitId)
        .Number("position", removal => removal.Row.Commit.Position)
        .Text("moved_to", removal => removal.Row.MovedTo)
        .Number("sync_id", removal => removal.SyncId)
        .Number("added_by", removal => removal.SyncId);

    /// <summary>Gives the ids by SHA.</summary>
    public static Task<Dictionary<string, long>> AddCommitsAsync(DbSession session, IReadOnlyList<CommitRow> rows) => WithIdsAsync(session, Commits, rows);

    /// <summary>Shows models as they were read, whatever their Versions are; gives the ids by path.</summary>
    public static Task<Dictionary<string, long>> ShowAsync(DbSession session, IReadOnlyList<NewModel> rows) => WithIdsAsync(session, ModelsAsRead, rows);

    /// <summary>Shows models as of their last Version; gives the ids by path.</summary>
    public static Task<Dictionary<string, long>> ShowVersionAsync(DbSession session, IReadOnlyList<NewModel> rows) => WithIdsAsync(session, ModelsAsOfVersion, rows);

    /// <summary>Adds models that are not there, and leaves the others as they are; gives the ids by path.</summary>
    public static Task<Dictionary<string, long>> AddModelsAsync(DbSession session, IReadOnlyList<NewModel> rows) => WithIdsAsync(session, ModelsIfNew, rows);

    public static Task AddVersionsAsync(DbSession session, IReadOnlyList<NewVersion> rows, IReadOnlyDictionary<string, long> commits, long syncId) =>
        Versions.RunAsync(session, [.. rows.Select(row => (row, commits[row.Commit.Sha], syncId))]);

    public static Task AddRemovalsAsync(DbSession session, IReadOnlyList<NewRemoval> rows, IReadOnlyDictionary<string, long> commits, long syncId) =>
        Removals.RunAsync(session, [.. rows.Select(row => (row, commits[row.Commit.Sha], syncId))]);

    /// <summary>Shows models as removed in the commit.</summary>
    public static async Task ShowRemovedAsync(DbSession session, IEnumerable<long> modelIds, long commitId, long at)
    {
        foreach (var ids in modelIds.Chunk(500))
        {
            await session.ExecuteAsync(
                $"update models set state = '{ModelState.Removed}', removed_in_id = @commitId, changed_at = @at where id {session.In("ids")}", new { ids, commitId, at });
        }
    }

    private static async Task<Dictionary<string, long>> WithIdsAsync<TRow>(DbSession session, BulkInsert<TRow> insert, IReadOnlyList<TRow> rows)
    {
        var ids = new Dictionary<string, long>(rows.Count, StringComparer.Ordinal);
        await insert.RunAsync(session, rows, (key, id) => ids[key] = id);
        return ids;
    }

    private static BulkInsert<NewModel> Models(string tail) => new BulkInsert<NewModel>("models", tail)
        .Number("repository_id", row => row.RepositoryId)
        .Text("path", row => row.Path)
        .Text("kind", row => row.Kind.ToString())
        .Text("state", row => row.State)
        .Text("format", row => row.Facts.Format)
        .Text("name", row => row.Display.Name)
        .Text("technical_name", row => row.Display.TechnicalName)
        .Text("target", row => row.Display.Target)
        .Text("status", row => row.Facts.Status)
        .Number("problem_count", row => row.Facts.ProblemCount)
        .Number("containers", row => row.Display.Counts.Containers)
        .Number("entities", row => row.Display.Counts.Entities)
        .Number("reference_entities", row => row.Display.Counts.ReferenceEntities)
        .Number("attribute_nodes", row => row.Display.Counts.AttributeNodes)
        .Number("own_attributes", row => row.Display.Counts.Attributes)
        .Number("attributes", row => row.Display.Counts.AttributesResolved)
        .Number("relationships", row => row.Display.Counts.Relationships)
        .Number("views", row => row.Display.Counts.Views)
        .Number("definitions", row => row.Display.Counts.Definitions)
        .Text("blob", row => row.Blob)
        .Bytes("content_sha256", row => row.Sha256)
        .Number("size", row => row.Size)
        .Number("version_count", row => row.VersionCount)
        .Number("head_commit_id", row => row.HeadCommitId)
        .Number("changed_at", row => row.ChangedAt)
        .Text("problems", row => row.Display.Problems)
        .Text("facts", row => row.Display.Facts)
        .Text("search_text", row => row.Display.SearchText);
}
