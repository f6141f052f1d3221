using System.Globalization;
using Switchyard.Rules;

namespace Switchyard.Server.Signals;

/// <summary>How the checks of a commit stand: whether they have settled, and which state that is.</summary>
/// <param name="Verdict">As a gate sees it that asks for nothing but an end: open when all are done and calm.</param>
/// <param name="Facts">What they come to.</param>
/// <param name="Digest">Which state it is: names, conclusions and their times, so that a re-run with the same result is another one.</param>
/// <param name="LastAt">When the last of them ended, by GitHub's clock.</param>
internal sealed record CheckStanding(GateVerdict Verdict, ChecksFacts Facts, string Digest, DateTimeOffset? LastAt)
{
    /// <param name="snapshot">What GitHub lists.</param>
    /// <param name="ownAppId">Our App, whose checks are left out.</param>
    /// <param name="subject">When something was told of them last.</param>
    /// <param name="skew">How far GitHub's clock is ahead of ours.</param>
    /// <param name="settle">How long nothing may have changed.</param>
    /// <param name="giveUp">How long to wait for an end after something was told last.</param>
    /// <param name="now">The present by our clock.</param>
    public static CheckStanding Of(ChecksSnapshot snapshot, long? ownAppId, CheckSubject subject, TimeSpan skew, TimeSpan settle, TimeSpan giveUp, DateTimeOffset now)
    {
        var counted = snapshot.Counted(ownAppId);
        var last = counted.Max(check => check.At);
        var told = DateTimeOffset.FromUnixTimeMilliseconds(subject.ChangedAt);
        // An event may be late or lost, and then only the times of the checks tell since when they are as they are.
        var changed = last is { } at && at - skew > told ? at - skew : told;
        var verdict = Gate.Judge(
            new CheckGate { Require = GateRequirement.Completed, Settle = settle, Timeout = giveUp }, snapshot, new GateTimes(now, told, changed), ownAppId);
        var lines = counted
            .Select(check => $"{check.Check.Name}\n{check.Check.Conclusion}\n{check.At?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}")
            .Order(StringComparer.Ordinal);
        var facts = new ChecksFacts
        {
            Conclusion = CheckConclusions.Overall(counted.Select(check => check.Check.Conclusion)),
            Runs = [.. counted.Select(check => check.Check).OrderBy(check => check.Name, StringComparer.Ordinal)],
        };
        return new CheckStanding(verdict, facts, SignalFactory.Digest(string.Join('\n', lines)), last);
    }
}
