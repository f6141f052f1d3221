using System.Security.Cryptography;
using System.Text;

namespace Switchyard.Server.Storage;

/// <summary>
/// Applies the numbered SQL files of <c>Storage/Migrations</c>, each once, in one transaction under a lock. A file that was
/// changed or has gone since it was applied stops the start: the database is then not the one this build knows.
/// </summary>
public sealed class Migrations(Database database, TimeProvider time)
{
    private sealed record Applied(string Name, string Checksum);

    public async Task<int> ApplyAsync(CancellationToken cancellation)
    {
        var files = ReadFiles();
        return await database.WriteAsync(
            async session =>
            {
                if (session.Dialect.IsPostgreSql)
                {
                    await session.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('migrations', 0))");
                }

                await session.ExecuteAsync(
                    "create table if not exists migrations (name text primary key, checksum text not null, applied_at bigint not null)");
                var applied = await session.QueryAsync<Applied>("select name, checksum from migrations order by name");
                Check(files, applied);
                var pending = files.Skip(applied.Count).ToList();
                if (pending.Count > 0 && session.Dialect.IsPostgreSql)
                {
                    // A table that a view asks cannot be changed; the views are made again after this.
                    var tables = await session.ScalarAsync<string>("select current_schema()::text");
                    await session.ExecuteAsync($"drop schema if exists \"{LimitedPostgreSql.SchemaOf(tables!)}\" cascade");
                }

                foreach (var (name, sql) in pending)
                {
                    await session.ExecuteAsync(session.Dialect.Spell(sql));
                    await session.ExecuteAsync(
                        "insert into migrations (name, checksum, applied_at) values (@name, @checksum, @now)",
                        new { name, checksum = Checksum(sql), now = time.GetUtcNow().ToUnixTimeMilliseconds() });
                }

                return pending.Count;
            },
            cancellation);
    }

    /// <summary>The names of the migrations this build has and the database has not.</summary>
    public Task<List<string>> PendingAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var applied = await session.QueryAsync<string>("select name from migrations");
                return ReadFiles().Select(file => file.Name).Except(applied, StringComparer.Ordinal).ToList();
            },
            cancellation);

    private static void Check(List<(string Name, string Sql)> files, List<Applied> applied)
    {
        for (var i = 0; i < applied.Count; i++)
        {
            if (i >= files.Count || files[i].Name != applied[i].Name)
            {
                throw new InvalidOperationException(
                    $"The database has had migration {applied[i].Name}, which this build does not have. It was made by a newer Switchyard: start that version, or restore a backup made before the upgrade.");
            }

            if (Checksum(files[i].Sql) != applied[i].Checksum)
            {
                throw new InvalidOperationException(
                    $"Migration {applied[i].Name} is not the one the database was made with. Start the version of Switchyard that made it, or restore a backup.");
            }
        }
    }

    private static List<(string Name, string Sql)> ReadFiles()
    {
        const string Prefix = "Switchyard.Server.Storage.Migrations.";
        var assembly = typeof(Migrations).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name[Prefix.Length..], reader.ReadToEnd());
            })];
    }

    private static string Checksum(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
}
