using Switchyard.Rules.Language;
using Switchyard.Rules.Matching;

namespace Switchyard.Rules;

/// <param name="Now">The moment of the judgement.</param>
/// <param name="WaitingSince">Since when the gate is waited for; the time-out counts from here.</param>
/// <param name="LastChange">When <see cref="ChecksSnapshot.Digest"/> was last seen to change; null: never seen before.</param>
public sealed record GateTimes(DateTimeOffset Now, DateTimeOffset WaitingSince, DateTimeOffset? LastChange);

public enum GateState
{
    Open,
    Wait,

    /// <summary>A check did not pass. Whether to go on looking is for the caller: a re-run may turn it.</summary>
    Failed,
    TimedOut,
}

/// <param name="State">What to do.</param>
/// <param name="Sentence">For people: <c>Checks 3 of 5: waiting for test</c>.</param>
/// <param name="Passed">How many that count are as required.</param>
/// <param name="Total">How many count.</param>
/// <param name="LookAgainAt">When the answer changes by time alone; null: never.</param>
public sealed record GateVerdict(GateState State, string Sentence, int Passed, int Total, DateTimeOffset? LookAgainAt);

/// <summary>Whether the checks of a commit let a rule go on (design, section 7; behaviours, rows 39 to 41).</summary>
public static class Gate
{
    /// <param name="gate">What the rule asks for.</param>
    /// <param name="snapshot">What GitHub says now.</param>
    /// <param name="times">When.</param>
    /// <param name="ownAppId">Our App: its checks are left out, or a rule would wait for itself.</param>
    public static GateVerdict Judge(CheckGate gate, ChecksSnapshot snapshot, GateTimes times, long? ownAppId)
    {
        var checks = CountedChecks.Of(snapshot, ownAppId);
        IReadOnlyList<string> missing = [];
        if (gate.Names.Count > 0)
        {
            var names = gate.Names.Select(name => (Name: name, Pattern: PatternList.OfNames(name))).ToArray();
            missing = [.. names.Where(name => !checks.Any(check => name.Pattern.Matches(check.Name))).Select(name => name.Name)];
            checks = [.. checks.Where(check => Array.Exists(names, name => name.Pattern.Matches(check.Name)))];
        }

        var success = gate.Require == GateRequirement.Success;
        var failed = success ? checks.Where(check => check.IsDone && !check.HasPassed).ToArray() : [];
        var running = checks.Where(check => !check.IsDone).ToArray();
        var deadline = times.WaitingSince + gate.Timeout;
        var isLate = times.Now >= deadline;
        var (passed, total) = (checks.Count - failed.Length - running.Length, checks.Count + missing.Count);
        GateVerdict Verdict(GateState state, string text, DateTimeOffset? lookAgainAt = null) =>
            new(state, total == 0 ? text : $"Checks {passed} of {total}: {text}", passed, total, lookAgainAt);

        if (failed.Length > 0)
        {
            var turn = isLate ? $"no re-run turned that within {Durations.Write(gate.Timeout)}" : $"a re-run may turn that until {deadline.UtcDateTime:HH:mm:ss}Z";
            return Verdict(GateState.Failed, $"{Some(failed.Select(check => $"{check.Name} is {check.Conclusion}"))}; {turn}", isLate ? null : deadline);
        }

        if (total == 0)
        {
            return isLate
                ? Verdict(GateState.TimedOut, $"No check or status was seen within {Durations.Write(gate.Timeout)}")
                : Verdict(GateState.Wait, "No checks yet", deadline);
        }

        if (running.Length > 0 || missing.Count > 0)
        {
            var waiting = Some([.. running.Select(check => check.Name), .. missing.Select(name => $"{name} (not seen yet)")]);
            return isLate
                ? Verdict(GateState.TimedOut, $"still waiting for {waiting} after {Durations.Write(gate.Timeout)}")
                : Verdict(GateState.Wait, $"waiting for {waiting}", deadline);
        }

        var calm = (times.LastChange ?? times.Now) + gate.Settle;
        return times.Now >= calm || isLate
            ? Verdict(GateState.Open, success ? $"{Some(checks.Select(check => check.Name).Distinct(), 10)} passed" : Some(checks.Select(check => $"{check.Name} is {check.Conclusion}"), 10))
            : Verdict(GateState.Wait, $"{(success ? "all passed" : "all done")}, settled at {calm.UtcDateTime:HH:mm:ss}Z unless another shows up", calm < deadline ? calm : deadline);
    }

    private static string Some(IEnumerable<string> texts, int most = 3)
    {
        var all = texts.Order(StringComparer.Ordinal).ToArray();
        return all.Length <= most ? Names.All(all) : $"{string.Join(", ", all[..most])} and {all.Length - most} more";
    }
}
