using Microsoft.Data.Sqlite;

namespace Switchyard.Server.Storage;

/// <summary>
/// A connection on which every table is shadowed by a view of the same name: SQLite looks among the temporary ones first. The same
/// queries run on it as on any other, and it writes nothing.
/// </summary>
internal sealed class LimitedSqlite
{
    public LimitedSqlite(SqliteConnection connection)
    {
        Connection = connection;

        // It does not change within a statement, so that it can be looked up by index once.
        connection.CreateFunction(ReadViews.Reader, () => UserId, isDeterministic: true);
        using var command = connection.CreateCommand();
        command.CommandText = "select name from main.sqlite_master where type = 'table' and name not like 'sqlite_%'";
        var tables = new List<string>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                tables.Add(rows.GetString(0));
            }
        }

        command.CommandText = string.Concat(ReadViews.Of(tables).Select(view => $"create temp view {view.Name} as {Spell(view.Select)};\n")) + "pragma query_only = on;";
        command.ExecuteNonQuery();
    }

    public SqliteConnection Connection { get; }

    public long UserId { get; set; }

    private static string Spell(string select) => select
        .Replace("{{table}}", "main", StringComparison.Ordinal)
        .Replace("{{view}}", "temp", StringComparison.Ordinal)
        .Replace("{{reader}}", ReadViews.Reader + "()", StringComparison.Ordinal);
}
