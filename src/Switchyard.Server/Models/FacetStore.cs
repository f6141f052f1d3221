using System.Globalization;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models;

/// <summary>How many models have a value: the value as a filter takes it, and as people call it.</summary>
public sealed record FacetCount(string Value, string Name, long Models);

/// <summary>
/// Each list counts what is left by the other filters, so that a person sees what choosing another value would give. Folders are
/// those directly below the folder that is filtered by, and only where one repository is.
/// </summary>
public sealed record ModelFacets(IReadOnlyList<FacetCount> Formats, IReadOnlyList<FacetCount> Kinds, IReadOnlyList<FacetCount> Repositories, IReadOnlyList<FacetCount> Folders);

/// <summary>Counts models by what they can be filtered by: one pass over them whatever is asked, and another over one repository's folders.</summary>
internal sealed class FacetStore(Database database)
{
    private const int MostRepositories = 20;
    private const int MostFolders = 200;

    public Task<ModelFacets> CountAsync(ModelFilter filter, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var (where, values) = ModelStore.Where(session, filter with { Format = null, Kind = null, Repository = null });
                var groups = await session.QueryAsync<Group>(
                    $"select m.format, m.kind, m.repository_id, count(*) as models from models m join repositories r on r.id = m.repository_id where {where} group by m.format, m.kind, m.repository_id", values);
                var repository = filter.Repository is { Length: > 0 } ? await FindAsync(session, filter, groups) : null;
                var repositories = Sum(groups.Where(group => Is(filter.Format, group.Format) && Is(filter.Kind, group.Kind)), group => group.RepositoryId).Take(MostRepositories).ToList();
                var names = await NameAsync(session, [.. repositories.Select(pair => pair.Value)]);
                return new ModelFacets(
                    [.. Sum(groups.Where(group => Is(filter.Kind, group.Kind) && (repository is null || repository.Contains(group.RepositoryId))), group => group.Format).Select(pair => new FacetCount(pair.Value, pair.Value, pair.Models))],
                    [.. Sum(groups.Where(group => Is(filter.Format, group.Format) && (repository is null || repository.Contains(group.RepositoryId))), group => group.Kind).Select(pair => new FacetCount(pair.Value, pair.Value, pair.Models))],
                    [.. repositories.Where(pair => names.ContainsKey(pair.Value)).Select(pair => new FacetCount(pair.Value.ToString(CultureInfo.InvariantCulture), names[pair.Value], pair.Models))],
                    repository is { Count: 1 } ? await FoldersAsync(session, filter) : []);
            },
            cancellation);

    /// <summary>The repositories that the filter means: several providers may have one of the name.</summary>
    private static async Task<HashSet<long>> FindAsync(DbSession session, ModelFilter filter, List<Group> groups)
    {
        if (long.TryParse(filter.Repository, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return [id];
        }

        var named = await session.QueryAsync<long>("select id from repositories where lower(owner || '/' || name) = @name and unlinked = 0", new { name = filter.Repository!.ToLowerInvariant() });
        return named.Count == 1 ? [.. named] : [.. named.Where(one => groups.Any(group => group.RepositoryId == one))];
    }

    private static async Task<List<FacetCount>> FoldersAsync(DbSession session, ModelFilter filter)
    {
        var (where, values) = ModelStore.Where(session, filter);
        var folder = filter.Folder?.Trim('/') is { Length: > 0 } given ? given : null;
        values["folder"] = folder ?? "";
        values["most"] = MostFolders;
        var slash = session.Dialect.IsPostgreSql ? "strpos(rest, '/')" : "instr(rest, '/')";
        var rows = await session.QueryAsync<FolderRow>(
            $"""
            select substr(rest, 1, {slash} - 1) as name, count(*) as models
            from (select {(folder is null ? "m.path" : "substr(m.path, length(@folder) + 2)")} as rest from models m join repositories r on r.id = m.repository_id where {where}) below
            where {slash} > 0 group by substr(rest, 1, {slash} - 1) order by 1 limit @most
            """,
            values);
        return rows.ConvertAll(row => new FacetCount(folder is null ? row.Name : $"{folder}/{row.Name}", row.Name, row.Models));
    }

    private static async Task<Dictionary<long, string>> NameAsync(DbSession session, long[] ids) =>
        ids.Length == 0 ? [] : (await session.QueryAsync<NameRow>($"select id, owner || '/' || name as name from repositories where id {session.In("ids")}", new { ids })).ToDictionary(row => row.Id, row => row.Name);

    private static IEnumerable<(T Value, long Models)> Sum<T>(IEnumerable<Group> groups, Func<Group, T> by) =>
        groups.GroupBy(by).Select(group => (group.Key, group.Sum(one => one.Models))).OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key);

    private static bool Is(string? wanted, string value) => string.IsNullOrEmpty(wanted) || wanted.Equals(value, StringComparison.OrdinalIgnoreCase);

    private sealed record Group
    {
        public string Format { get; init; } = "";

        public string Kind { get; init; } = "";

        public long RepositoryId { get; init; }

        public long Models { get; init; }
    }

    private sealed record FolderRow
    {
        public string Name { get; init; } = "";

        public long Models { get; init; }
    }

    private sealed record NameRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";
    }
}
