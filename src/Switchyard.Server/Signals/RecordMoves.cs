using Npgsql;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>Records many moves by one statement over arrays, on PostgreSQL, where a round trip costs as much as some of the rows.</summary>
internal static class RecordMoves
{
    private const string Sql =
        $"""
        with told as (
          select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[],
            $12::text[], $13::bigint[], $14::bigint[]) as t({SignalStore.Inserted})),
        polled as (
          select 1 from told t join signals p on p.provider_id = t.provider_id and p.github_repository_id = t.github_repository_id and p.ref = t.ref and p.sha = t.sha
          where p.source = '{SignalSource.Poll}' and p.delivery_id is null limit 1),
        recorded as (
          insert into signals ({SignalStore.Inserted}) select {SignalStore.Inserted} from told t
          where not exists (select 1 from polled)
            and not exists (select 1 from repositories r where r.provider_id = t.provider_id and r.github_id = t.github_repository_id and r.unlinked <> 0)
          on conflict (provider_id, identity) do nothing returning identity, id),
        moved as (
          insert into refs (provider_id, github_repository_id, ref, sha, moved_at)
          select provider_id, github_repository_id, ref, sha, moved_at
          from unnest($15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::bigint[]) as m(provider_id, github_repository_id, ref, sha, moved_at)
          where not exists (select 1 from polled)
          on conflict (provider_id, github_repository_id, ref) do update set sha = excluded.sha, moved_at = excluded.moved_at where refs.moved_at < excluded.moved_at)
        select identity, id from recorded union all select null, 0 from polled
        """;

    /// <summary>What came of each; null where nothing was done, because a poll may have found one of them.</summary>
    public static async Task<MoveVerdict[]?> RunAsync(DbSession session, IReadOnlyList<(RefMove Move, NewSignal Signal)> told, long now)
    {
        var identities = told.Select(one => PushIdentity.Of(one.Move, one.Move.PushedAt!.Value)).ToArray();
        var rows = told.Select((one, index) => SignalStore.ValuesOf(one.Signal with { Identity = identities[index] }, now)).ToArray();
        await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)session.Connection, (NpgsqlTransaction?)session.Transaction);
        for (var column = 0; column < rows[0].Length; column++)
        {
            // The numbers: provider, repository, Delivery and the two times.
            Add(column is 0 or 3 or 10 or 12 or 13, [.. rows.Select(row => row[column])]);
        }

        // Those that are known have moved their ref before; the time keeps them from doing so again.
        var last = told.Select(one => one.Move).GroupBy(move => (move.ProviderId, move.RepositoryId, move.Ref)).Select(moves => moves.MaxBy(move => move.PushedAt)!).ToArray();
        Add(true, [.. last.Select(move => (object?)move.ProviderId)]);
        Add(true, [.. last.Select(move => (object?)move.RepositoryId)]);
        Add(false, [.. last.Select(move => (object?)move.Ref)]);
        Add(false, [.. last.Select(move => (object?)move.After)]);
        Add(true, [.. last.Select(move => (object?)move.PushedAt)]);

        var recorded = new Dictionary<string, long>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                if (await reader.IsDBNullAsync(0))
                {
                    return null;
                }

                recorded[reader.GetString(0)] = reader.GetInt64(1);
            }
        }

        return [.. identities.Select(identity => recorded.TryGetValue(identity, out var id) ? new MoveVerdict(id, null) : default)];

        void Add(bool isNumber, object?[] values) => command.Parameters.Add(
            isNumber
                ? new NpgsqlParameter<long?[]> { TypedValue = Array.ConvertAll(values, value => (long?)value) }
                : new NpgsqlParameter<string?[]> { TypedValue = Array.ConvertAll(values, value => (string?)value) });
    }
}
