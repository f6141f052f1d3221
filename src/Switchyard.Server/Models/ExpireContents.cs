using System.Buffers.Binary;
using Switchyard.Catalog;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Models;

/// <summary>
/// Removes contents that nothing refers to any more (a repository was unlinked, a Sync was stopped before it used them). One is
/// marked first and removed a week later. A Sync takes a marked content for one that is not there, stores it again and so takes
/// the mark away; and none runs for a week. So what is removed is not what somebody is about to use, without any lock.
/// </summary>
internal sealed class ExpireContents(Database database, ContentStore contents, TimeProvider time) : RecurringJob
{
    private const int Step = 500;
    private static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    public override string Name => "expire-contents";

    public override TimeSpan Interval => TimeSpan.FromHours(24);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var used = await FindUsedAsync(cancellation);
        var now = time.GetUtcNow();
        var before = (now - Grace).ToUnixTimeMilliseconds();
        byte[] after = [];
        while (await NextAsync(after, cancellation) is { Count: > 0 } rows)
        {
            after = rows[^1].Sha256;
            var marked = rows.Where(row => row.OrphanedAt is null && !used.Contains(KeyOf(row.Sha256))).Select(row => row.Sha256).ToArray();
            var freed = rows.Where(row => row.OrphanedAt is not null && used.Contains(KeyOf(row.Sha256))).Select(row => row.Sha256).ToArray();
            var gone = rows.Where(row => row.OrphanedAt < before && !used.Contains(KeyOf(row.Sha256))).Select(row => row.Sha256).ToArray();
            if (marked.Length + freed.Length + gone.Length == 0)
            {
                continue;
            }

            await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync(
                        $"insert into orphaned_contents (sha256, orphaned_at) select sha256, @now from contents where sha256 {session.In("marked")} on conflict do nothing",
                        new { marked, now = now.ToUnixTimeMilliseconds() });
                    await session.ExecuteAsync($"delete from orphaned_contents where sha256 {session.In("freed")}", new { freed });

                    // The mark before the content: see ContentStore.AddAsync.
                    var expired = (await session.QueryAsync<byte[]>(
                        $"delete from orphaned_contents where sha256 {session.In("gone")} and orphaned_at < @before returning sha256", new { gone, before })).ToArray();
                    await session.ExecuteAsync($"delete from contents where sha256 {session.In("expired")}", new { expired });
                },
                cancellation);
        }
    }

    private Task<List<Row>> NextAsync(byte[] after, CancellationToken cancellation) =>
        database.ReadAsync(session => session.QueryAsync<Row>($"select c.sha256, o.orphaned_at from contents c left join orphaned_contents o on o.sha256 = c.sha256 where c.sha256 > @after order by c.sha256 limit {Step}", new { after }), cancellation);

    /// <summary>What Versions and models refer to, and the members of those that are folders. Half of a digest tells them apart, and takes half the memory.</summary>
    private async Task<HashSet<UInt128>> FindUsedAsync(CancellationToken cancellation)
    {
        var used = new HashSet<UInt128>();
        foreach (var table in (string[])["versions", "models"])
        {
            long? after = 0;
            while (after is { } from)
            {
                var rows = await database.ReadAsync(
                    session => session.QueryAsync<Reference>($"select id, content_sha256 from {table} where id > @from order by id limit 10000", new { from }), cancellation);
                used.UnionWith(rows.Where(row => row.ContentSha256 is not null).Select(row => KeyOf(row.ContentSha256!)));
                after = rows.Count > 0 ? rows[^1].Id : null;
            }
        }

        foreach (var list in await FindFoldersAsync(cancellation))
        {
            if (await contents.ReadAsync(list, cancellation) is { } bytes)
            {
                used.UnionWith(FolderContent.Parse(bytes).Where(member => member.Sha256 is not null).Select(member => KeyOf(member.Sha256!)));
            }
        }

        return used;
    }

    private Task<List<byte[]>> FindFoldersAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<byte[]>(
                $"""
                select v.content_sha256 from versions v join models m on m.id = v.model_id where m.kind = '{nameof(ModelKind.Folder)}' and v.content_sha256 is not null
                union select content_sha256 from models where kind = '{nameof(ModelKind.Folder)}' and content_sha256 is not null
                """),
            cancellation);

    private static UInt128 KeyOf(byte[] sha256) => BinaryPrimitives.ReadUInt128LittleEndian(sha256);

    private sealed record Reference
    {
        public long Id { get; init; }

        public byte[]? ContentSha256 { get; init; }
    }

    private sealed record Row
    {
        public byte[] Sha256 { get; init; } = [];

        public long? OrphanedAt { get; init; }
    }
}
