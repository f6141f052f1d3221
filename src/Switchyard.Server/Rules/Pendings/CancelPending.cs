using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>A person wants nothing to be started, or a rule is out of force: what waits of it ends, and the commits are told.</summary>
internal sealed class CancelPending(Database database, PendingStore pendings, RuleReports reports, Lanes lanes)
{
    public const string SwitchedOff = "The rule was switched off while this waited.";
    public const string Removed = "The rule was removed while this waited.";

    /// <summary>False where it does not wait (any more).</summary>
    public async Task<bool> RunAsync(long id, string by, CancellationToken cancellation)
    {
        var (done, kick) = await database.WriteAsync(
            async session =>
            {
                var cancelled = await pendings.CancelAsync(session, id, by);
                return (cancelled, cancelled ? await TellAsync(session, [id]) : () => { });
            },
            cancellation);
        kick();
        return done;
    }

    /// <summary>In the transaction that takes rules out of force, so that none of them starts anything later; gives what is to be done after the commit.</summary>
    /// <param name="why">Which, and what they are told.</param>
    public async Task<Action> OfRulesAsync(DbSession session, IReadOnlyCollection<long> ruleIds, string why, string? by = null) =>
        ruleIds.Count == 0 ? () => { } : await TellAsync(session, await pendings.CancelOfAsync(session, ruleIds, why, by));

    private async Task<Action> TellAsync(DbSession session, IReadOnlyList<long> ids)
    {
        var wanted = new HashSet<(string Kind, string Lane)>();
        foreach (var id in ids)
        {
            await reports.AgainAsync(session, id, wanted);
        }

        return () =>
        {
            foreach (var (kind, lane) in wanted)
            {
                lanes.Kick(kind, lane);
            }
        };
    }
}
