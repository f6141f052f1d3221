using Microsoft.Extensions.Options;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// Looks at what waits of one source repository when it is due: quiet for long enough, then the checks, then it goes on. Everything
/// is decided by what is true now, so it may be looked at too often, and after any crash.
/// </summary>
internal sealed partial class PendingLane(
    Database database, PendingStore pendings, RuleBook book, PendingGate gate, DispatchIntents intents, RuleReports reports, Lanes lanes, IOptions<DispatchOptions> options, TimeProvider time, ILogger<PendingLane> logger)
    : LaneWorker
{
    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(20);

    /// <summary>What is due later than this is left to the sweep.</summary>
    private static readonly TimeSpan ComeBackAtMost = TimeSpan.FromSeconds(30);

    public override string Kind => EvaluateSignals.PendingKind;

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => await pendings.ListDueLanesAsync(cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("pendings:" + lane, cancellation);
        if (hold is null)
        {
            return ComeBackToHeldLane;
        }

        while (await pendings.ListDueAsync(lane, cancellation) is { Count: > 0 } due)
        {
            foreach (var pending in due)
            {
                FaultPoint.Reached("pending-due");
                await WorkAsync(pending, cancellation);
            }
        }

        if (await pendings.NextDueAsync(lane, cancellation) is not { } next)
        {
            return null;
        }

        var wait = DateTimeOffset.FromUnixTimeMilliseconds(next) - time.GetUtcNow();
        return wait > ComeBackAtMost ? null : wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private async Task WorkAsync(Pending pending, CancellationToken cancellation)
    {
        var sources = await pendings.ListSourcesAsync(pending.Id, cancellation);
        var rule = (await book.OpenAsync(cancellation)).Find(pending.RuleId);
        if (rule is not { Enabled: true })
        {
            await EndAsync(pending, rule, PendingState.Cancelled, rule is null ? CancelPending.Removed : CancelPending.SwitchedOff, cancellation);
            return;
        }

        if (rule.Rule.Checks is null)
        {
            await ReleaseAsync(pending, sources, rule, null, cancellation);
            return;
        }

        var judged = await gate.JudgeAsync(pending, sources, rule, cancellation);
        switch (judged.Decision)
        {
            case GateDecision.Release:
                await ReleaseAsync(pending, sources, rule, judged, cancellation);
                break;
            case GateDecision.Wait:
                await WaitAsync(pending, sources, rule, judged, cancellation);
                break;
            case var decision:
                await EndAsync(
                    pending,
                    rule,
                    decision switch { GateDecision.Failed => PendingState.ChecksFailed, GateDecision.TimedOut => PendingState.TimedOut, _ => PendingState.Cancelled },
                    judged.Sentence,
                    cancellation);
                break;
        }
    }

    private async Task WaitAsync(Pending pending, List<PendingSource> sources, BookRule rule, GateJudgement judged, CancellationToken cancellation)
    {
        var wanted = new HashSet<(string Kind, string Lane)>();
        await database.WriteAsync(
            async session =>
            {
                wanted.Clear();
                foreach (var seen in judged.Seen)
                {
                    await PendingStore.SawChecksAsync(session, seen.Source, seen.Digest, judged.At, seen.ChangedAt);
                }

                if (await PendingStore.WaitAsync(session, pending, judged.Sentence, judged.Since, judged.LookAgainAt) && judged.Sentence != pending.Detail)
                {
                    await reports.WantAsync(session, rule, sources, wanted);
                }
            },
            cancellation);
        FaultPoint.Reached("pending-waits");
        Kick(wanted);
    }

    private async Task EndAsync(Pending pending, BookRule? rule, string state, string detail, CancellationToken cancellation)
    {
        var wanted = new HashSet<(string Kind, string Lane)>();
        await database.WriteAsync(
            async session =>
            {
                wanted.Clear();
                if (await pendings.EndAsync(session, pending, state, detail))
                {
                    await reports.AgainAsync(session, pending.Id, wanted);
                }
            },
            cancellation);
        Log.Ended(logger, pending.Id, rule?.Rule.Name, state, detail);
        Kick(wanted);
    }

    /// <summary>The wait ends and the intents are written in one transaction: either both are there or none.</summary>
    private async Task ReleaseAsync(Pending pending, List<PendingSource> sources, BookRule rule, GateJudgement? judged, CancellationToken cancellation)
    {
        var wanted = new HashSet<(string Kind, string Lane)>();
        await database.WriteAsync(
            async session =>
            {
                wanted.Clear();
                if (!await pendings.EndAsync(session, pending, PendingState.Released, judged?.Sentence, judged?.Since))
                {
                    return;
                }

                var released = new ReleasedPending
                {
                    PendingId = pending.Id,
                    ProviderId = pending.ProviderId,
                    RuleId = rule.Id,
                    RevisionId = rule.RevisionId,
                    Rule = rule.Rule,
                    Scope = rule.Scope,
                    SignalId = pending.SignalId,
                    Facts = (await SignalStore.FindAsync(session, pending.SignalId))!.ReadFacts(),
                    Signals = sources.Sum(source => source.Signals),
                    Sources = [.. from source in sources
                                  where source.GithubRepositoryId > 0
                                  select new ReleasedSource(source.GithubRepositoryId, source.RepositoryName, source.Ref, source.Sha, source.SignalId)],
                    Now = time.GetUtcNow(),
                };
                var written = await intents.WriteAsync(session, released);
                wanted.UnionWith(written.DispatchLanes.Select(lane => (DispatchLane.Worker, lane)));
                wanted.UnionWith(written.ReportLanes.Select(lane => (ReportLane.Worker, lane)));
                await reports.WantAsync(session, rule, sources, wanted);
                FaultPoint.Reached("pending-intents-written");
            },
            cancellation);
        FaultPoint.Reached("pending-released");
        Kick(wanted);
    }

    private void Kick(HashSet<(string Kind, string Lane)> wanted)
    {
        foreach (var (kind, lane) in wanted)
        {
            lanes.Kick(kind, lane);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "PendingEnded: {Pending} of rule {Rule}: {State}. {Detail}", EventName = "PendingEnded")]
        public static partial void Ended(ILogger logger, long pending, string? rule, string state, string detail);
    }
}
