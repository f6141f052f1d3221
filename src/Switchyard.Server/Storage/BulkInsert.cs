using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Switchyard.Server.Storage;

/// <summary>
/// Inserts many rows of one kind: on PostgreSQL by one statement over arrays, on SQLite by one prepared statement run for each
/// row, so that neither pays a round trip or a parse per row. The rows must not meet in the key of the conflict clause.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="tail">What follows the rows: <c>on conflict ...</c>, <c>returning ...</c>.</param>
public sealed class BulkInsert<TRow>(string table, string tail = "")
{
    private readonly List<Column> columns = [];
    private readonly Lock gate = new();
    private string? sqliteSql;
    private string? postgreSqlSql;

    public BulkInsert<TRow> Number(string name, Func<TRow, long?> value) =>
        Add(name, "bigint[]", row => value(row), rows => new NpgsqlParameter<long?[]> { TypedValue = Map(rows, value) });

    /// <summary>Text as a database takes it: NUL and lone surrogates, which hostile files hold, become U+FFFD.</summary>
    public BulkInsert<TRow> Text(string name, Func<TRow, string?> value) =>
        Add(name, "text[]", row => Clean(value(row)), rows => new NpgsqlParameter<string?[]> { TypedValue = Map(rows, row => Clean(value(row))) });

    public BulkInsert<TRow> Bytes(string name, Func<TRow, byte[]?> value) =>
        Add(name, "bytea[]", row => value(row), rows => new NpgsqlParameter<byte[]?[]> { TypedValue = Map(rows, value) });

    /// <summary>
    /// Inserts the rows; <paramref name="read"/> is told of each row that the statement returns (a text and a number), in no order.
    /// </summary>
    public Task RunAsync(DbSession session, IReadOnlyList<TRow> rows, Action<string, long>? read = null)
    {
        if (rows.Count == 0)
        {
            return Task.CompletedTask;
        }

        if (session.Dialect.IsPostgreSql)
        {
            return RunPostgreSqlAsync(session, rows, read);
        }

        RunSqlite(session, rows, read);
        return Task.CompletedTask;
    }

    internal static string? Clean(string? text)
    {
        if (text is null || (!text.Contains('\0', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    private static T[] Map<T>(IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return values;
    }

    private BulkInsert<TRow> Add(string name, string type, Func<TRow, object?> value, Func<IReadOnlyList<TRow>, NpgsqlParameter> array)
    {
        columns.Add(new Column(name, type, value, array));
        return this;
    }

    private void RunSqlite(DbSession session, IReadOnlyList<TRow> rows, Action<string, long>? read)
    {
        using var statement = new SqliteStatement((SqliteConnection)session.Connection, SqliteSql());
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                statement.Bind(i + 1, columns[i].Value(row));
            }

            while (statement.Step())
            {
                read?.Invoke(statement.Text(0), statement.Number(1));
            }
        }
    }

    private async Task RunPostgreSqlAsync(DbSession session, IReadOnlyList<TRow> rows, Action<string, long>? read)
    {
        await using var command = new NpgsqlCommand(PostgreSqlSql(), (NpgsqlConnection)session.Connection, (NpgsqlTransaction?)session.Transaction);
        foreach (var column in columns)
        {
            command.Parameters.Add(column.Array(rows));
        }

        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            read?.Invoke(reader.GetString(0), reader.GetInt64(1));
        }
    }

    private string SqliteSql()
    {
        lock (gate)
        {
            return sqliteSql ??= $"insert into {table} ({Names()}) values ({SqliteStatement.Parameters(columns.Count)}) {tail}";
        }
    }

    private string PostgreSqlSql()
    {
        lock (gate)
        {
            var arrays = columns.Select((column, index) => $"${(index + 1).ToString(CultureInfo.InvariantCulture)}::{column.Type}");
            return postgreSqlSql ??= $"insert into {table} ({Names()}) select * from unnest({string.Join(", ", arrays)}) {tail}";
        }
    }

    private string Names() => string.Join(", ", columns.Select(column => column.Name));

    private sealed record Column(string Name, string Type, Func<TRow, object?> Value, Func<IReadOnlyList<TRow>, NpgsqlParameter> Array);
}
