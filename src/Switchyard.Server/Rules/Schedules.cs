using Switchyard.Rules;

namespace Switchyard.Server.Rules;

/// <summary>When a rule with a schedule is due next.</summary>
internal static class Schedules
{
    /// <summary>The next time after the moment and the trigger it is of; null for a rule without a schedule.</summary>
    public static (DateTimeOffset At, ScheduleTrigger Trigger)? Next(Rule rule, DateTimeOffset after)
    {
        (DateTimeOffset At, ScheduleTrigger Trigger)? first = null;
        foreach (var trigger in rule.On.OfType<ScheduleTrigger>())
        {
            if (trigger.Cron.Next(after, trigger.Timezone) is { } at && (first is null || at < first.Value.At))
            {
                first = (at, trigger);
            }
        }

        return first;
    }
}
