using Switchyard.Server.Hosting;
using Switchyard.Server.Repositories.Syncs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>What a page or command wants to know of a repository besides its row.</summary>
internal sealed record RepositoryCounts
{
    public long Id { get; init; }

    public long Models { get; init; }

    public long Problems { get; init; }

    public long? LastSync { get; init; }
}

internal sealed record FormatCounts
{
    public string Format { get; init; } = "";

    public long Models { get; init; }

    public long Versions { get; init; }

    public long Containers { get; init; }

    public long Entities { get; init; }

    public long Attributes { get; init; }

    public long Relationships { get; init; }

    public long Views { get; init; }
}

internal sealed record IgnoredPattern
{
    public string Pattern { get; init; } = "";

    public long Line { get; init; }

    public long Candidates { get; init; }

    public string Sample { get; init; } = "";
}

internal sealed record ModelProblems
{
    public long Id { get; init; }

    public string Path { get; init; } = "";

    public string Problems { get; init; } = "[]";
}

/// <summary>What to list: each filter is left out where it is null.</summary>
internal sealed record RepositoryFilter(string? Status, string? Health, string? Provider, string? Q);

/// <summary>Reads repositories for lists and pages.</summary>
internal sealed class RepositoryCatalogue(Database database)
{
    public Task<(List<Repository> Rows, long Total)> ListAsync(RepositoryFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var conditions = new List<string> { "r.unlinked = 0" };
                if (filter.Status is { Length: > 0 })
                {
                    conditions.Add("lower(r.status) = @status");
                }

                if (filter.Health is { Length: > 0 })
                {
                    conditions.Add("lower(r.health) = @health");
                }

                if (filter.Provider is { Length: > 0 })
                {
                    conditions.Add("r.provider_id = (select id from providers where slug = @provider)");
                }

                if (filter.Q is { Length: > 0 })
                {
                    conditions.Add(session.Dialect.IsPostgreSql ? "strpos(lower(r.owner || '/' || r.name), @q) > 0" : "instr(lower(r.owner || '/' || r.name), @q) > 0");
                }

                var where = string.Join(" and ", conditions);
                var values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["status"] = filter.Status?.ToLowerInvariant() ?? "",
                    ["health"] = filter.Health?.ToLowerInvariant() ?? "",
                    ["provider"] = filter.Provider ?? "",
                    ["q"] = filter.Q?.ToLowerInvariant() ?? "",
                    ["after"] = page.AfterId ?? 0,
                    ["limit"] = page.Limit + 1,
                };
                var rows = await session.QueryAsync<Repository>(
                    $"select {RepositoryStore.Columns} from {RepositoryStore.From} where {where} and r.id > @after order by r.id limit @limit", values);
                return (rows, await session.ScalarAsync<long>($"select count(*) from repositories r where {where}", values));
            },
            cancellation);

    public Task<Dictionary<long, (RepositoryCounts Counts, Sync? LastSync)>> CountAsync(IReadOnlyCollection<long> repositories, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var ids = repositories.ToArray();
                var counts = await session.QueryAsync<RepositoryCounts>(
                    $"""
                    select r.id,
                      (select count(*) from models m where m.repository_id = r.id and m.state = 'Active') as models,
                      {Reasons.CountProblems("r.id")} as problems,
                      (select s.id from syncs s where s.repository_id = r.id order by case when s.ended_at is null then 0 else 1 end, s.id desc limit 1) as last_sync
                    from repositories r where r.id {session.In("ids")}
                    """,
                    new { ids });
                var result = new Dictionary<long, (RepositoryCounts, Sync?)>();
                foreach (var row in counts)
                {
                    result[row.Id] = (row, row.LastSync is { } sync ? await SyncStore.FindAsync(session, sync) : null);
                }

                // One that has gone since it was listed, or that the reader may no longer read, counts nothing.
                foreach (var id in ids)
                {
                    result.TryAdd(id, (new RepositoryCounts { Id = id }, null));
                }

                return result;
            },
            cancellation);

    public Task<List<FormatCounts>> CountFormatsAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<FormatCounts>(
                """
                select format, cast(sum(case when state = 'Active' then 1 else 0 end) as bigint) as models, cast(sum(version_count) as bigint) as versions,
                  cast(sum(case when state = 'Active' then containers else 0 end) as bigint) as containers,
                  cast(sum(case when state = 'Active' then entities else 0 end) as bigint) as entities,
                  cast(sum(case when state = 'Active' then attributes else 0 end) as bigint) as attributes,
                  cast(sum(case when state = 'Active' then relationships else 0 end) as bigint) as relationships,
                  cast(sum(case when state = 'Active' then views else 0 end) as bigint) as views
                from models where repository_id = @id and state <> 'Ignored' group by format order by format
                """,
                new { id }),
            cancellation);

    public Task<List<Reason>> ListReasonsAsync(long id, bool openOnly, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<Reason>(
                $"""
                select code, sentence, first_seen, last_seen, resolved_at from repository_reasons
                where repository_id = @id {(openOnly ? "and resolved_at is null" : "")} order by case when resolved_at is null then 0 else 1 end, last_seen desc, code
                """,
                new { id }),
            cancellation);

    public Task<List<IgnoredPattern>> ListIgnoredAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<IgnoredPattern>(
                "select pattern, line, candidates, sample from repository_ignored where repository_id = @id order by candidates desc, pattern", new { id }),
            cancellation);

    public Task<(List<ModelProblems> Rows, long Total)> ListProblemsAsync(long id, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<ModelProblems>(
                    "select id, path, problems from models where repository_id = @id and state = 'Active' and problem_count > 0 and path > @after order by path limit @limit",
                    new { id, after = page.After ?? "", limit = page.Limit + 1 });
                return (rows, await session.ScalarAsync<long>($"select {Reasons.CountProblems("@id")}", new { id }));
            },
            cancellation);
}
