
namespace Switchyard.Tests.Server.Syncs;

/// <summary>What tests look at in the rows of a world.</summary>
internal static class SyncWorldReads
{
    public static Task<long> CountAsync(this SyncWorld world, string sql) => world.Database.ReadAsync(session => session.ScalarAsync<long>(sql), CancellationToken.None);

    public static async Task<string?> StateOfAsync(this SyncWorld world, string path) =>
        await world.Database.ReadAsync(session => session.FirstAsync<string>("select state from models where path = @path", new { path }), CancellationToken.None);

    /// <summary>The paths of active models.</summary>
    public static Task<List<string>> PathsAsync(this SyncWorld world) => Texts(world, "select path from models where state = 'Active' order by path");

    /// <summary>Open reasons as "code: sentence".</summary>
    public static Task<List<string>> ReasonsAsync(this SyncWorld world) =>
        Texts(world, "select code || ': ' || sentence from repository_reasons where resolved_at is null order by code");

    public static async Task<List<(string Pattern, long Candidates)>> IgnoredAsync(this SyncWorld world) =>
        [.. (await Texts(world, "select pattern || '|' || candidates from repository_ignored order by pattern")).Select(line => (line.Split('|')[0], long.Parse(line.Split('|')[1], System.Globalization.CultureInfo.InvariantCulture)))];

    private static Task<List<string>> Texts(SyncWorld world, string sql) => world.Database.ReadAsync(session => session.QueryAsync<string>(sql), CancellationToken.None);
}
