using Switchyard.Server.Storage;

namespace Switchyard.Server.Models.History;

/// <summary>Reads what is recorded of a repository's history, as the past of a walk that goes on from there.</summary>
internal sealed class HistoryPast(Database database)
{
    private const int AskedAtOnce = 250;

    // A removal after the last Version means that nothing was at the path.
    private static string StatesSql(DbSession session) =>
        $"""
        select m.id, m.path, v.number, v.blob, v.format,
          (select count(*) from removals r
           where r.model_id = m.id and r.rewritten = 0 and r.position > v.position and r.position <= @Position
             and (r.position <= @StartPosition or r.sync_id = @SyncId)) as removals
        from models m
        left join versions v on v.id = (
          select x.id from versions x
          where x.model_id = m.id and x.rewritten = 0 and x.position <= @Position and (x.position <= @StartPosition or x.sync_id = @SyncId)
          order by x.position desc limit 1)
        where m.repository_id = @repositoryId and m.path {session.In("chunk")}
        """;

    /// <summary>The state of each path after the last commit of the past; one that was never a model has an empty state.</summary>
    public async Task<List<PathState>> LoadAsync(long repositoryId, IReadOnlyCollection<string> paths, PastOf past, CancellationToken cancellation)
    {
        var states = paths.ToDictionary(path => path, path => new PathState(path), StringComparer.Ordinal);
        foreach (var chunk in paths.Chunk(AskedAtOnce))
        {
            var rows = await database.ReadAsync(
                session => session.QueryAsync<StateRow>(StatesSql(session), new { repositoryId, chunk, past.Position, past.StartPosition, past.SyncId }), cancellation);
            foreach (var row in rows)
            {
                var state = states[row.Path];
                state.ModelId = row.Id;
                state.Count = row.Number ?? 0;
                state.Blob = row.Blob;
                state.Format = row.Format;
                state.IsModel = row.Number is not null && row.Removals == 0;
            }
        }

        return [.. states.Values];
    }

    /// <summary>The newest commit of the chain that is recorded, and its position; the chain is given newest first.</summary>
    public async Task<(string Sha, long Position)?> FindNewestAsync(long repositoryId, IAsyncEnumerable<string> chain, CancellationToken cancellation)
    {
        await foreach (var chunk in chain.Chunk(AskedAtOnce).WithCancellation(cancellation))
        {
            var found = await database.ReadAsync(
                session => session.FirstAsync<ForkRow>(
                    $"select sha, position from commits where repository_id = @repositoryId and on_chain = 1 and sha {session.In("chunk")} order by position desc limit 1",
                    new { repositoryId, chunk }),
                cancellation);
            if (found is not null)
            {
                return (found.Sha, found.Position);
            }
        }

        return null;
    }

    /// <summary>Whether a folder was shown as a model, as of the past of a walk.</summary>
    public Task<bool> WasFolderModelAsync(long repositoryId, string path, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.ScalarAsync<bool>(
                "select exists (select 1 from models where repository_id = @repositoryId and path = @path and kind = 'Folder')", new { repositoryId, path }),
            cancellation);

    private sealed record StateRow
    {
        public long Id { get; init; }

        public string Path { get; init; } = "";

        public long? Number { get; init; }

        public string? Blob { get; init; }

        public string? Format { get; init; }

        public long Removals { get; init; }
    }

    private sealed record ForkRow
    {
        public string Sha { get; init; } = "";

        public long Position { get; init; }
    }
}
