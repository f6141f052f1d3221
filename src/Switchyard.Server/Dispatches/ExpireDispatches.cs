using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>Removes what ended long ago: Dispatches with their attempts, Runs and echoes, and what is known of check runs; in steps that keep no writer waiting.</summary>
internal sealed class ExpireDispatches(Database database, IOptions<DispatchOptions> options, IOptions<ReportOptions> reports, TimeProvider time) : RecurringJob
{
    private const int Step = 500;

    public override string Name => "expire-dispatches";

    public override TimeSpan Interval => TimeSpan.FromHours(6);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - options.Value.Retention).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(session => RemoveAsync(session, before), cancellation) == Step)
        {
        }

        var reportsBefore = (time.GetUtcNow() - reports.Value.Retention).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(
            session => session.ExecuteAsync(
                "delete from reports where id in (select id from reports where created_at < @reportsBefore and coalesce(written_at, created_at) < @reportsBefore order by created_at limit @Step)",
                new { reportsBefore, Step }),
            cancellation) == Step)
        {
        }
    }

    private static async Task<int> RemoveAsync(DbSession session, long before)
    {
        var gone = await session.QueryAsync<Gone>(
            $"""
            delete from dispatches where id in (
              select id from dispatches where created_at < @before and coalesce(ended_at, sent_at, created_at) < @before and state not in {DispatchState.Open} order by created_at limit @Step)
            returning id, token
            """,
            new { before, Step });
        var (ids, tokens) = (gone.ConvertAll(row => row.Id).ToArray(), gone.ConvertAll(row => row.Token).ToArray());
        if (ids.Length > 0)
        {
            await session.ExecuteAsync($"delete from runs where dispatch_id {session.In("ids")}", new { ids });
            await session.ExecuteAsync($"delete from dispatch_echoes where token {session.In("tokens")}", new { tokens });
        }

        return ids.Length;
    }

    private sealed record Gone
    {
        public long Id { get; init; }

        public string Token { get; init; } = "";
    }
}
