using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>
/// Records a Signal for each rule whose time has come. Times that passed while nobody was here count once, for the last of them.
/// </summary>
internal sealed class FireSchedules(Database database, RuleBook book, SignalStore signals, TimeProvider time) : RecurringJob
{
    public override string Name => "fire-schedules";

    public override TimeSpan Interval => TimeSpan.FromSeconds(10);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await database.ReadAsync(
            session => session.QueryAsync<DueRow>(
                "select u.id, u.next_fire_at, u.enabled from rules u join rule_sources s on s.id = u.source_id where u.removed_at is null and u.next_fire_at <= @now", new { now = now.ToUnixTimeMilliseconds() }),
            cancellation);
        if (due.Count == 0)
        {
            return;
        }

        var rules = await book.OpenAsync(cancellation);
        foreach (var row in due)
        {
            if (rules.Find(row.Id) is { } rule)
            {
                await FireAsync(rule, row.NextFireAt, now, cancellation);
            }
        }
    }

    private async Task FireAsync(BookRule rule, long planned, DateTimeOffset now, CancellationToken cancellation)
    {
        var (at, trigger) = LastUntil(rule.Rule, DateTimeOffset.FromUnixTimeMilliseconds(planned), now);
        var recorded = await database.WriteAsync(
            async session =>
            {
                // Fenced by the time it was planned for: another node may have been faster.
                var moved = await session.ExecuteAsync(
                    "update rules set next_fire_at = @next where id = @Id and next_fire_at = @planned",
                    new { rule.Id, planned, next = Schedules.Next(rule.Rule, now)?.At.ToUnixTimeMilliseconds() });
                var news = new List<NewSignal>();
                if (moved > 0 && rule.Enabled && trigger is not null)
                {
                    foreach (var source in await SourcesAsync(session, rule, trigger))
                    {
                        var signal = SignalFactory.Schedule(rule.ProviderId, rule.Key, trigger.Cron.Text, at, source);
                        if (await signals.RecordAsync(session, signal) is not null)
                        {
                            news.Add(signal);
                        }
                    }
                }

                return news;
            },
            cancellation);
        recorded.ForEach(signals.Announce);
    }

    private static (DateTimeOffset At, ScheduleTrigger? Trigger) LastUntil(Rule rule, DateTimeOffset planned, DateTimeOffset now)
    {
        var last = (At: planned, Trigger: (ScheduleTrigger?)null);
        // A minute is the least distance, so a day's worth of them is the most that is gone through.
        var from = planned > now - TimeSpan.FromDays(1) ? planned - TimeSpan.FromMinutes(1) : now - TimeSpan.FromDays(1);
        while (Schedules.Next(rule, from) is { } next && next.At <= now)
        {
            last = (next.At, next.Trigger);
            from = next.At;
        }

        return last.Trigger is null ? (planned, rule.On.OfType<ScheduleTrigger>().FirstOrDefault()) : last;
    }

    /// <summary>One for each linked repository that the trigger names, or a single one without a repository.</summary>
    private static async Task<List<SourceFacts?>> SourcesAsync(DbSession session, BookRule rule, ScheduleTrigger trigger)
    {
        if (trigger.Repositories.IsEmpty)
        {
            return [null];
        }

        var repositories = await LinkedSources.ListAsync(session, rule.ProviderId);
        return [.. repositories.Where(source => trigger.Repositories.Matches(source.FullName))];
    }

    private sealed record DueRow
    {
        public long Id { get; init; }

        public long NextFireAt { get; init; }

        public long Enabled { get; init; }
    }
}
