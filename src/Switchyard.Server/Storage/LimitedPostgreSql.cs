using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Switchyard.Server.Storage;

/// <summary>
/// Connections that see one schema alone, which holds a view of each table under the table's name. Where that schema is gone there
/// is nothing to read, rather than everything.
/// </summary>
internal sealed class LimitedPostgreSql : IAsyncDisposable
{
    private const string Setting = "switchyard." + ReadViews.Reader;

    /// <summary>Beside those of everybody else, of which the server may have few.</summary>
    private const int MostConnections = 20;

    private readonly NpgsqlDataSource source;

    private LimitedPostgreSql(NpgsqlDataSource source) => this.source = source;

    /// <summary>The schema beside the one that holds the tables.</summary>
    public static string SchemaOf(string tables) => tables + "_readable";

    /// <summary>Makes the views where they are not there as this version has them.</summary>
    public static async Task<LimitedPostgreSql> OpenAsync(NpgsqlDataSource all, NpgsqlConnectionStringBuilder settings, CancellationToken cancellation)
    {
        await using var connection = await all.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended('readable', 0))", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        command.CommandText = "select current_schema()::text";
        var tables = (string)(await command.ExecuteScalarAsync(cancellation))!;
        var schema = SchemaOf(tables);
        var names = await NamesAsync(command, cancellation);
        var views = string.Concat(ReadViews.Of(names).Select(view => $"create view {Quote(schema)}.{Quote(view.Name)} as {Spell(view.Select, tables, schema)};\n"));
        var edition = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(views)));
        command.CommandText = $"select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = '{schema}'";
        if (await command.ExecuteScalarAsync(cancellation) as string != edition)
        {
            command.CommandText = $"drop schema if exists {Quote(schema)} cascade; create schema {Quote(schema)};\n{views}comment on schema {Quote(schema)} is '{edition}';";
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return new LimitedPostgreSql(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = "switchyard-limited",
            MaxPoolSize = Math.Min(settings.MaxPoolSize, MostConnections),
            MinPoolSize = 0,
            SearchPath = Quote(schema),
            Options = $"{settings.Options} -c default_transaction_read_only=on",
        }));
    }

    public async Task<NpgsqlConnection> ConnectAsync(long userId, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            // Set each time, as the connection had another reader before.
            await using var command = new NpgsqlCommand($"select set_config('{Setting}', $1, false)", connection);
            command.Parameters.AddWithValue(userId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await command.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static async Task<List<string>> NamesAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        // The tables of the timers are theirs alone.
        command.CommandText = "select tablename::text from pg_tables where schemaname = current_schema() and tablename not like 'qrtz\\_%' order by tablename";
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }

    private static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string Spell(string select, string tables, string views) => select
        .Replace("{{table}}", Quote(tables), StringComparison.Ordinal)
        .Replace("{{view}}", Quote(views), StringComparison.Ordinal)
        .Replace("{{reader}}", $"current_setting('{Setting}')::bigint", StringComparison.Ordinal);
}
