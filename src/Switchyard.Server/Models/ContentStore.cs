using Microsoft.Data.Sqlite;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models;

/// <summary>The contents of models and of their members, each stored once.</summary>
internal sealed class ContentStore(Database database)
{
    private const int AskedAtOnce = 500;
    private const string IsKept = "sha256 not in (select sha256 from orphaned_contents)";

    private static readonly Comparer<byte[]> ByDigest = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private static readonly BulkInsert<Content> Insert = new BulkInsert<Content>("contents", "on conflict (sha256) do nothing")
        .Bytes("sha256", content => content.Sha256)
        .Number("size", content => content.Size)
        .Bytes("data", content => content.Data);

    /// <summary>In one order everywhere: two Syncs that store the same contents wait for each other, and never both.</summary>
    public static async Task AddAsync(DbSession session, IReadOnlyList<Content> contents)
    {
        // First: who removes orphans takes this row before the content, so that one of the two waits for the other here.
        await AdoptAsync(session, contents);
        await Insert.RunAsync(session, [.. contents.OrderBy(content => content.Sha256, ByDigest)]);
    }

    /// <summary>Which of the digests are stored and stay so, in lower-case hex: what is about to expire is stored again by who needs it.</summary>
    public async Task<HashSet<string>> FindKnownAsync(IReadOnlyCollection<byte[]> digests, CancellationToken cancellation)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in digests.Chunk(AskedAtOnce))
        {
            var rows = await database.ReadAsync(session => session.Dialect.IsPostgreSql ? FindAsync(session, chunk) : Task.FromResult(FindEach(session, chunk)), cancellation);
            known.UnionWith(rows.Select(Convert.ToHexStringLower));
        }

        return known;
    }

    private static async Task AdoptAsync(DbSession session, IReadOnlyList<Content> contents)
    {
        if (session.Dialect.IsPostgreSql)
        {
            var digests = contents.Select(content => content.Sha256).ToArray();
            await session.ExecuteAsync("delete from orphaned_contents where sha256 = any(@digests)", new { digests });
            return;
        }

        using var statement = new SqliteStatement((SqliteConnection)session.Connection, "delete from orphaned_contents where sha256 = ?1");
        foreach (var content in contents)
        {
            statement.Bind(1, content.Sha256);
            statement.Execute();
        }
    }

    private static Task<List<byte[]>> FindAsync(DbSession session, byte[][] chunk) =>
        session.QueryAsync<byte[]>($"select sha256 from contents where sha256 = any(@chunk) and {IsKept}", new { chunk });

    /// <summary>SQLite is asked for one after the other: a list of hundreds of parameters costs it more than it finds.</summary>
    private static List<byte[]> FindEach(DbSession session, byte[][] chunk)
    {
        using var statement = new SqliteStatement((SqliteConnection)session.Connection, $"select 1 from contents where sha256 = ?1 and {IsKept}");
        var found = new List<byte[]>();
        foreach (var digest in chunk)
        {
            statement.Bind(1, digest);
            if (statement.Step())
            {
                found.Add(digest);
                statement.Execute();
            }
        }

        return found;
    }

    public async Task<byte[]?> ReadAsync(byte[] sha256, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(
            session => session.FirstAsync<Row>("select sha256, size, data from contents where sha256 = @sha256", new { sha256 }), cancellation);
        return row is null ? null : new Content(row.Sha256, row.Size, row.Data).Decompress();
    }

    private sealed record Row
    {
        public byte[] Sha256 { get; init; } = [];

        public long Size { get; init; }

        public byte[] Data { get; init; } = [];
    }
}
