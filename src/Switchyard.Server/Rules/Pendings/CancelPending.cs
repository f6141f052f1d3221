using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>A person wants nothing to be started; the commits are told.</summary>
internal sealed class CancelPending(Database database, PendingStore pendings, RuleBook book, RuleReports reports, Lanes lanes)
{
    /// <summary>False where it does not wait (any more).</summary>
    public async Task<bool> RunAsync(long id, string by, CancellationToken cancellation)
    {
        if (await pendings.FindAsync(id, cancellation) is not { } pending)
        {
            return false;
        }

        var (rules, wanted) = (await book.OpenAsync(cancellation), new HashSet<(string Kind, string Lane)>());
        var done = await database.WriteAsync(
            async session =>
            {
                wanted.Clear();
                if (!await pendings.CancelAsync(session, id, by))
                {
                    return false;
                }

                if (rules.Find(pending.RuleId) is { } rule)
                {
                    await reports.WantAsync(session, rule, await PendingStore.ListSourcesAsync(session, id), wanted);
                }

                return true;
            },
            cancellation);
        foreach (var (kind, lane) in wanted)
        {
            lanes.Kick(kind, lane);
        }

        return done;
    }
}
