using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>
/// Removes Signals that are old, evaluated and no longer referred to, in steps that keep no writer waiting; and the commits whose
/// checks nothing has been told of for long.
/// </summary>
internal sealed class ExpireSignals(Database database, IOptions<SignalOptions> options, TimeProvider time) : RecurringJob
{
    private const int Step = 1000;

    /// <summary>For so long what was started can be traced back to what started it.</summary>
    private static readonly TimeSpan Traced = TimeSpan.FromDays(90);

    public override string Name => "expire-signals";

    public override TimeSpan Interval => TimeSpan.FromHours(1);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var (before, traced) = (Before(options.Value.Retention), Before(Traced));
        while (await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                delete from signals where id in (
                  select id from signals
                  where recorded_at < @before and evaluated_at is not null
                    and id not in (select signal_id from dispatches where ended_at is null or created_at >= @traced)
                    and id not in (select signal_id from pendings where ended_at is null or ended_at >= @traced)
                    and id not in (
                      select s.signal_id from pending_sources s join pendings p on p.id = s.pending_id where p.ended_at is null or p.ended_at >= @traced)
                  order by recorded_at limit @Step)
                """,
                new { before, traced, Step }),
            cancellation) == Step)
        {
        }

        while (await database.WriteAsync(
            session => session.ExecuteAsync(
                """
                delete from check_subjects where (provider_id, github_repository_id, sha) in (
                  select provider_id, github_repository_id, sha from check_subjects where touched <= judged and changed_at < @before limit @Step)
                """,
                new { before, Step }),
            cancellation) == Step)
        {
        }
    }

    private long Before(TimeSpan age) => (time.GetUtcNow() - age).ToUnixTimeMilliseconds();
}
