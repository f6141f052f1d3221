using Switchyard.GitHub;
using Switchyard.Rules;
using Switchyard.Server.Rules;
using Switchyard.Server.Rules.Pendings;

namespace Switchyard.Server.Dispatches;

internal enum GateDecision
{
    Release,
    Wait,

    /// <summary>The checks have failed and the time for a re-run is over.</summary>
    Failed,
    TimedOut,

    /// <summary>The commit is no longer what the branch or pull request holds.</summary>
    Moved,
}

/// <summary>What the checks of one commit looked like; the times are UTC milliseconds.</summary>
internal sealed record SeenChecks(PendingSource Source, string Digest, long ChangedAt);

/// <param name="Decision">What to do.</param>
/// <param name="Sentence">Why, for people.</param>
/// <param name="At">When it was judged.</param>
/// <param name="Since">Since when the checks are waited for.</param>
/// <param name="LookAgainAt">When to look again, if nobody says before that they have moved.</param>
/// <param name="Seen">What was seen, to be kept.</param>
internal sealed record GateJudgement(GateDecision Decision, string Sentence, long At, long Since, long LookAgainAt, IReadOnlyList<SeenChecks> Seen);

/// <summary>Reads the checks of what waits, as they are now, and says whether it may go on. All commits of a batch must pass.</summary>
internal sealed class PendingGate(SourceCommits commits, TimeProvider time)
{
    /// <summary>Deliveries say when checks move; this is for those that were lost.</summary>
    private static readonly TimeSpan[] BackOff =
        [TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)];

    /// <summary>How much longer than the rule says an outage of GitHub is waited for: it says nothing of the checks.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(15);

    public async Task<GateJudgement> JudgeAsync(Pending pending, IReadOnlyList<PendingSource> sources, BookRule rule, CancellationToken cancellation)
    {
        var (rules, now) = (rule.Rule.Checks!, time.GetUtcNow());
        var since = pending.ChecksSince is { } began ? DateTimeOffset.FromUnixTimeMilliseconds(began) : now;
        var end = since + rules.Timeout;
        var seen = new List<SeenChecks>();
        var verdicts = new List<(PendingSource Source, GateVerdict Verdict)>();
        foreach (var source in sources.Where(source => source.Sha.Length > 0))
        {
            CommitChecks found;
            try
            {
                found = await commits.ReadChecksAsync(pending.ProviderId, source.GithubRepositoryId, source.RepositoryName, source.Sha, cancellation);
            }
            catch (GitHubException failure)
            {
                var isOver = now >= (IsOutage(failure) ? end + Outage : end);
                return Result(isOver ? GateDecision.TimedOut : GateDecision.Wait, $"The checks of {source.RepositoryName} could not be read. {failure.Message}", failure.RetryAt);
            }

            var digest = found.Snapshot.Digest(found.OwnAppId);
            var changed = digest == source.Checks && source.ChecksChangedAt is { } before ? DateTimeOffset.FromUnixTimeMilliseconds(before) : now;
            seen.Add(new SeenChecks(source, digest, changed.ToUnixTimeMilliseconds()));
            verdicts.Add((source, Gate.Judge(rules, found.Snapshot, new GateTimes(now, since, changed), found.OwnAppId)));
        }

        if (verdicts.Count == 0)
        {
            return Result(GateDecision.Failed, "What started this rule has no commit whose checks could be asked for", null);
        }

        if (verdicts.Exists(pair => pair.Verdict.State == GateState.Failed))
        {
            return Result(now >= end ? GateDecision.Failed : GateDecision.Wait, Describe(verdicts, GateState.Failed), null);
        }

        if (verdicts.Exists(pair => pair.Verdict.State == GateState.TimedOut))
        {
            return Result(GateDecision.TimedOut, Describe(verdicts, GateState.TimedOut), null);
        }

        if (verdicts.Exists(pair => pair.Verdict.State == GateState.Wait))
        {
            return Result(GateDecision.Wait, Describe(verdicts, GateState.Wait), verdicts.Min(pair => pair.Verdict.LookAgainAt));
        }

        foreach (var source in rule.Rule.Quiet.Keep == Keep.Latest ? sources : [])
        {
            if (await commits.FindMovedAsync(pending.ProviderId, source.GithubRepositoryId, source.RepositoryName, source.Ref, source.Sha, cancellation) is { } moved)
            {
                return Result(GateDecision.Moved, moved, null);
            }
        }

        return Result(GateDecision.Release, verdicts.Count == 0 ? "There is no commit whose checks could be waited for" : Describe(verdicts, GateState.Open), null);

        GateJudgement Result(GateDecision decision, string sentence, DateTimeOffset? again)
        {
            var poll = now + BackOff[Math.Min((int)pending.Looks, BackOff.Length - 1)];
            var look = again is { } sooner && sooner > now && sooner < poll ? sooner : poll;
            look = end > now && end < look ? end : look;
            return new GateJudgement(decision, sentence, now.ToUnixTimeMilliseconds(), since.ToUnixTimeMilliseconds(), look.ToUnixTimeMilliseconds(), seen);
        }
    }

    private static bool IsOutage(GitHubException failure) =>
        failure.Kind is GitHubErrorKind.RateLimited or GitHubErrorKind.Server or GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Protocol;

    private static string Describe(List<(PendingSource Source, GateVerdict Verdict)> verdicts, GateState state)
    {
        var told = verdicts.Where(pair => pair.Verdict.State == state).ToList();
        return verdicts.Count == 1
            ? told[0].Verdict.Sentence
            : string.Join("; ", told.Select(pair => $"{pair.Source.RepositoryName}@{pair.Source.Sha[..Math.Min(7, pair.Source.Sha.Length)]}: {pair.Verdict.Sentence}"));
    }
}
