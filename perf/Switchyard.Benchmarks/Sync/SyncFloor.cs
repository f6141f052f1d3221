using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>
/// What the machine allows, one step after the other: clone over the same HTTP, all versions out of one cat-file, each parsed
/// once, each inserted with Brotli q1 into a plain SQLite file.
/// </summary>
internal sealed record SyncFloor(double Cloning, double Reading, double Parsing, double Inserting)
{
    public double Serial => Cloning + Reading + Parsing + Inserting;

    /// <summary>Clones into <paramref name="mirror"/>, which is left there, and goes through all of it.</summary>
    public static async Task<SyncFloor> MeasureAsync(Uri remote, string mirror, string database)
    {
        var clone = await TimeAsync(() => GitCommand.RunAsync(null, ["clone", "--quiet", "--bare", remote.AbsoluteUri, mirror]));
        var ids = await ListAsync(mirror);
        byte[] bytes = [];
        var read = await TimeAsync(async () => bytes = await GitCommand.RunAsync(mirror, ["cat-file", "--batch"], input => input.WriteAsync(ids).AsTask()));
        var blobs = Split(bytes);
        var parse = await TimeAsync(() =>
        {
            foreach (var blob in blobs)
            {
                Parse(bytes.AsSpan(blob));
            }

            return Task.CompletedTask;
        });
        var insert = await TimeAsync(() => InsertAsync(database, bytes, blobs));
        return new SyncFloor(clone, read, parse, insert);
    }

    public static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The ids of all contents that the first-parent history ever had, a line each.</summary>
    private static async Task<byte[]> ListAsync(string mirror)
    {
        var log = Encoding.UTF8.GetString(await GitCommand.RunAsync(
            mirror, ["log", "--first-parent", "--diff-merges=first-parent", "--root", "--no-renames", "--raw", "--no-abbrev", "--format=", "HEAD"]));
        var ids = log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(fields => fields[1].StartsWith("100", StringComparison.Ordinal))
            .Select(fields => fields[3])
            .Distinct(StringComparer.Ordinal);
        return Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n");
    }

    private static List<Range> Split(byte[] batch)
    {
        var ranges = new List<Range>();
        for (var at = 0; at < batch.Length;)
        {
            var end = at + batch.AsSpan(at).IndexOf((byte)'\n');
            var header = Encoding.ASCII.GetString(batch.AsSpan(at, end - at));
            var size = int.Parse(header.AsSpan(header.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
            ranges.Add((end + 1)..(end + 1 + size));
            at = end + 1 + size + 1;
        }

        return ranges;
    }

    private static void Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            // A file that is no JSON costs what it costs to see that.
        }
    }

    private static async Task InsertAsync(string file, byte[] bytes, List<Range> blobs)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var setup = connection.CreateCommand();
        setup.CommandText = "pragma journal_mode=wal; pragma synchronous=full; create table contents (sha256 blob primary key, data blob not null)";
        await setup.ExecuteNonQueryAsync();
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(blobs.Count == 0 ? 0 : blobs.Max(blob => blob.GetOffsetAndLength(bytes.Length).Length))];
        foreach (var chunk in blobs.Chunk(1000))
        {
            await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
            await using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = "insert into contents values ($1, $2) on conflict do nothing";
            var key = insert.Parameters.Add("$1", SqliteType.Blob);
            var data = insert.Parameters.Add("$2", SqliteType.Blob);
            foreach (var blob in chunk)
            {
                BrotliEncoder.TryCompress(bytes.AsSpan(blob), buffer, out var written, quality: 1, window: 18);
                key.Value = SHA256.HashData(bytes.AsSpan(blob));
                data.Value = buffer.AsSpan(0, written).ToArray();
                await insert.ExecuteNonQueryAsync();
            }

            await transaction.CommitAsync();
        }
    }
}
