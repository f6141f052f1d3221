namespace Switchyard.Server.Storage;

/// <summary>
/// The test whether a column is one of many values, given as an array parameter: Dapper writes out the list for SQLite, and
/// hands it over as one array on PostgreSQL, which knows <c>in</c> for written lists only.
/// </summary>
internal static class InList
{
    public static string In(this DbSession session, string parameter) => session.Dialect.IsPostgreSql ? $"= any(@{parameter})" : $"in @{parameter}";
}
