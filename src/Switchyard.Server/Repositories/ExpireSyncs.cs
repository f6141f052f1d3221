using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories;

/// <summary>Removes Syncs that ended long ago; the last ones of each repository stay, however old they are.</summary>
internal sealed class ExpireSyncs(Database database, IOptions<RepositoryOptions> options, TimeProvider time) : RecurringJob
{
    private const int Kept = 20;
    private const int Step = 1000;

    public override string Name => "expire-syncs";

    public override TimeSpan Interval => TimeSpan.FromHours(6);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var before = (time.GetUtcNow() - options.Value.SyncRetention).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(session => session.ExecuteAsync(
            $"""
            delete from syncs where id in (
              select s.id from syncs s
              where s.ended_at < @before
                and s.id < (select n.id from syncs n where n.repository_id = s.repository_id order by n.id desc limit 1 offset {Kept - 1})
              limit {Step})
            """,
            new { before }), cancellation) == Step)
        {
        }
    }
}
