using Microsoft.Data.Sqlite;
using Switchyard.Server.Storage;
using Xunit;

namespace Switchyard.Tests.Server.Storage;

public sealed class DatabaseTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_throws_leaves_nothing_behind_and_disturbs_nobody(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var database = server.Database;
        await database.WriteAsync(session => session.ExecuteAsync("create table things (name text primary key)"), CancellationToken.None);

        var work = Enumerable.Range(0, 50).Select(i => database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("insert into things (name) values (@name)", new { name = "thing " + i });
                if (i % 5 == 0)
                {
                    throw new InvalidOperationException("this one fails");
                }
            },
            CancellationToken.None)).ToList();
        var outcomes = await Task.WhenAll(work.Select(async task =>
        {
            try
            {
                await task;
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }));

        Assert.Equal(40, outcomes.Count(succeeded => succeeded));
        Assert.Equal(40, await database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from things"), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_savepoint_that_throws_undoes_only_itself(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        await server.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("create table things (name text primary key)");
                await session.ExecuteAsync("insert into things (name) values ('kept')");
                await Assert.ThrowsAnyAsync<Exception>(() => session.SavepointAsync(async () =>
                {
                    await session.ExecuteAsync("insert into things (name) values ('undone')");
                    await session.ExecuteAsync("insert into things (name) values ('kept')");
                }));
            },
            CancellationToken.None);

        Assert.Equal(["kept"], await server.Database.ReadAsync(session => session.QueryAsync<string>("select name from things"), CancellationToken.None));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_held_name_is_not_given_twice_until_it_is_let_go(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        var first = await server.Database.TryHoldAsync("sync:1", CancellationToken.None);
        Assert.NotNull(first);
        Assert.Null(await server.Database.TryHoldAsync("sync:1", CancellationToken.None));
        await using (var other = await server.Database.TryHoldAsync("sync:2", CancellationToken.None))
        {
            Assert.NotNull(other);
        }

        await first.DisposeAsync();
        var again = await server.Database.TryHoldAsync("sync:1", CancellationToken.None);
        Assert.NotNull(again);
        await again.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_migration_that_was_changed_stops_the_start(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        await server.Database.WriteAsync(session => session.ExecuteAsync("update migrations set checksum = 'other' where name = '0001_vault.sql'"), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.Get<Migrations>().ApplyAsync(CancellationToken.None));
        Assert.Contains("0001_vault.sql", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_migration_of_a_newer_version_stops_the_start(string kind)
    {
        await using var server = await ServerFixture.StartAsync(kind);
        await server.Database.WriteAsync(
            session => session.ExecuteAsync("insert into migrations (name, checksum, applied_at) values ('9999_future.sql', 'x', 0)"), CancellationToken.None);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.Get<Migrations>().ApplyAsync(CancellationToken.None));
        Assert.Contains("newer Switchyard", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_victim_of_a_deadlock_is_done_again()
    {
        await using var server = await ServerFixture.StartAsync("postgresql");
        var database = server.Database;
        await database.WriteAsync(session => session.ExecuteAsync("create table things (name text primary key, count bigint not null); insert into things values ('a', 0), ('b', 0)"), CancellationToken.None);
        using var bothHoldOne = new Barrier(2);
        var met = false;

        Task UpdateAsync(string first, string second) => Task.Run(() => database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update things set count = count + 1 where name = @first", new { first });
                if (!Volatile.Read(ref met))
                {
                    bothHoldOne.SignalAndWait();
                    Volatile.Write(ref met, true);
                }

                await session.ExecuteAsync("update things set count = count + 1 where name = @second", new { second });
            },
            CancellationToken.None));

        await Task.WhenAll(UpdateAsync("a", "b"), UpdateAsync("b", "a"));

        Assert.Equal([2, 2], await database.ReadAsync(session => session.QueryAsync<long>("select count from things order by name"), CancellationToken.None));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_back_now_does_not_end_the_writer()
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-writer-");
        SystemSqlite.Use();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder.FullName, "test.db"), Pooling = false, DefaultTimeout = 1 }.ToString());
        await connection.OpenAsync();
        await new DbSession(connection, null, Dialect.Sqlite, CancellationToken.None).ExecuteAsync("pragma journal_mode=wal");
        await using (var writer = new SqliteWriter(connection, 16))
        {
            await writer.RunAsync(session => session.ExecuteAsync("create table things (name text); insert into things values ('a'), ('b')"), CancellationToken.None);

            // What is being read on the writer's own connection forbids the checkpoint.
            writer.RestartLog();
            await using var reading = await writer.RunAsync(
                async session =>
                {
                    var command = session.Connection.CreateCommand();
                    (command.CommandText, command.Transaction) = ("select name from things", session.Transaction);
                    var reader = await command.ExecuteReaderAsync();
                    await reader.ReadAsync();
                    return reader;
                },
                CancellationToken.None);

            Assert.Equal(2, await writer.RunAsync(session => session.ScalarAsync<long>("select count(*) from things"), CancellationToken.None));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var options = server.Get<Microsoft.Extensions.Options.IOptions<StorageOptions>>();
        await using var second = new SqliteDatabase(options, TimeProvider.System);
        var refused = await Assert.ThrowsAsync<DataFolderInUseException>(() => second.OpenAsync(CancellationToken.None));
        Assert.Contains("in use by another Switchyard process", refused.Message, StringComparison.Ordinal);
    }
}
