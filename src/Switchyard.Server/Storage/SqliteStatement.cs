using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Switchyard.Server.Storage;

/// <summary>
/// A statement prepared once and run for each of many rows, on the handle beneath the connection and so within its
/// transaction. Where every Delivery and every Version passes, the provider's way costs as much as SQLite itself: it looks up
/// each parameter by name and makes a reader for each run.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    /// <summary>Parameters as <c>?1, ?2, ...</c>, for a list of values.</summary>
    public static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(number => "?" + number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Rows that the last run inserted, changed or deleted.</summary>
    public int Changes => raw.sqlite3_changes(database);

    /// <summary>The row that was inserted last.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(database);

    /// <param name="index">From 1.</param>
    /// <param name="value">A <see cref="long"/>, a text, bytes or null.</param>
    public void Bind(int index, object? value) => Check(value switch
    {
        null => raw.sqlite3_bind_null(statement, index),
        long number => raw.sqlite3_bind_int64(statement, index, number),
        string text => BindText(index, text),
        // An empty span has no address, and would be taken for null.
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(statement, index, bytes),
        _ => throw new ArgumentException($"A {value.GetType()} is no value of a row.", nameof(value)),
    });

    /// <summary>Goes on to the next row; false at the end, when the statement can be run again.</summary>
    /// <exception cref="SqliteException">The statement failed; what it had done is undone.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
        {
            Check(result);
        }

        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <param name="column">From 0.</param>
    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <param name="column">From 0.</param>
    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public void Dispose() => statement.Dispose();

    private int BindText(int index, string text)
    {
        if (text.Length == 0)
        {
            return raw.sqlite3_bind_text(statement, index, text);
        }

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > 1024 ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[1024];
        var result = raw.sqlite3_bind_text(statement, index, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, database);
        }
    }
}
