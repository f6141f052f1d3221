using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Webhooks;

/// <summary>Removes the raw bodies of handled Deliveries, and later the Deliveries themselves, in steps that keep no writer waiting.</summary>
internal sealed class ExpireDeliveries(Database database, IOptions<WebhookOptions> options, TimeProvider time) : RecurringJob
{
    private const int Step = 1000;

    public override string Name => "expire-deliveries";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var (bodiesBefore, before) = (Before(options.Value.BodyRetention), Before(options.Value.Retention));
        await RepeatAsync(
            session => session.ExecuteAsync(
                """
                delete from delivery_bodies where delivery_id in
                  (select d.id from deliveries d join delivery_bodies b on b.delivery_id = d.id
                   where d.state = 'Handled' and d.handled_at < @bodiesBefore order by d.id limit @Step)
                """,
                new { bodiesBefore, Step }),
            cancellation);
        await RepeatAsync(
            async session =>
            {
                var ids = await session.QueryAsync<long>(
                    """
                    delete from deliveries where id in
                      (select id from deliveries where state in ('Handled', 'Dead') and received_at < @before order by id limit @Step)
                    returning id
                    """,
                    new { before, Step });
                await session.ExecuteAsync($"delete from delivery_bodies where delivery_id {session.In("gone")}", new { gone = ids.ToArray() });
                return ids.Count;
            },
            cancellation);
    }

    private long Before(TimeSpan age) => (time.GetUtcNow() - age).ToUnixTimeMilliseconds();

    private async Task RepeatAsync(Func<DbSession, Task<int>> step, CancellationToken cancellation)
    {
        while (await database.WriteAsync(step, cancellation) == Step)
        {
        }
    }
}
