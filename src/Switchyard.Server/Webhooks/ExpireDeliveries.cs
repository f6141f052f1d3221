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
        await RepeatAsync(
            """
            delete from delivery_bodies where delivery_id in
              (select d.id from deliveries d join delivery_bodies b on b.delivery_id = d.id
               where d.state = 'Handled' and d.handled_at < @before order by d.id limit @Step)
            """,
            options.Value.BodyRetention,
            cancellation);
        await RepeatAsync(
            """
            delete from deliveries where id in
              (select id from deliveries where state in ('Handled', 'Dead') and received_at < @before order by id limit @Step)
            """,
            options.Value.Retention,
            cancellation);
    }

    private async Task RepeatAsync(string sql, TimeSpan age, CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(session => session.ExecuteAsync(sql, new { before, Step }), cancellation) == Step)
        {
        }
    }
}
