using Microsoft.Extensions.Options;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Repositories;
using Switchyard.Server.Rules.Evaluations;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>
/// Holds the Signals of one repository, in order, against the rules that may concern them. The evaluations, what now waits, and
/// the mark on the Signal are in one transaction.
/// </summary>
internal sealed partial class EvaluateSignals(
    Database database, RuleBook book, PendingStore pendings, RuleReports reports, ChangedPaths paths, SignalStore signals, RuleMetrics metrics, Lanes lanes, IOptions<RuleOptions> options, TimeProvider time, ILogger<EvaluateSignals> logger)
    : LaneWorker
{
    private const int BatchLimit = 64;

    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskAtMost = TimeSpan.FromMinutes(30);

    /// <summary>The kind of the lane that works off what waits, in a folder above this one.</summary>
    public const string PendingKind = "pendings";

    public override string Kind => SignalStore.Worker;

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        await database.ReadAsync(session => session.QueryAsync<string>("select distinct lane from signals where evaluated_at is null"), cancellation);

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Backlog>("select count(*) as depth, min(recorded_at) as oldest from signals where evaluated_at is null"), cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        while (true)
        {
            await book.OpenAsync(cancellation);
            var batch = new Batch();
            if (!await database.WriteAsync(session => EvaluateAsync(session, lane, batch), cancellation))
            {
                return ComeBackToHeldLane;
            }

            FaultPoint.Reached("signals-evaluated");
            metrics.Evaluated(batch.Evaluations);
            batch.Kick(lanes);
            if (batch.Incomplete is { } signal)
            {
                if (!await CompleteAsync(signal, cancellation))
                {
                    return AskAgain;
                }
            }
            else if (!batch.GoOn)
            {
                return null;
            }
        }
    }

    /// <summary>False where another node holds the lane. A Signal of which something must be asked for ends the batch.</summary>
    private async Task<bool> EvaluateAsync(DbSession session, string lane, Batch batch)
    {
        batch.Clear();
        var rows = await database.TryLockAndReadAsync<SignalRow>(
            session,
            "signals:" + lane,
            $"""
            select id, provider_id, kind, source, repository_name, facts, recorded_at, problem from signals
            where lane between @lane and @lane and evaluated_at is null order by lane, id limit {BatchLimit}
            """,
            new { lane });
        if (rows is null)
        {
            return false;
        }

        if (await book.OpenAsync(session) is not { } rules)
        {
            batch.GoOn = true;
            return true;
        }

        var done = new List<long>(rows.Count);
        foreach (var row in rows)
        {
            if (!await EvaluateAsync(session, row, rules, batch))
            {
                batch.Incomplete = row;
                break;
            }

            done.Add(row.Id);
        }

        await EvaluationStore.AddAsync(session, batch.Evaluations);
        await signals.MarkEvaluatedAsync(session, done);
        FaultPoint.Reached("evaluations-written");
        batch.GoOn = rows.Count == BatchLimit;
        return true;
    }

    private async Task<bool> EvaluateAsync(DbSession session, SignalRow row, RulePages rules, Batch batch)
    {
        var candidates = rules.Candidates(row.ProviderId, row.Kind, row.RepositoryName);
        if (candidates.Count == 0)
        {
            return true;
        }

        var facts = SignalFacts.FromJson(row.Facts);
        if (IsWithoutItsCommit(facts) && row.Problem is null)
        {
            return false;
        }

        var judged = new List<(BookRule Rule, RuleEvaluation Evaluation)>(candidates.Count);
        foreach (var (rule, definition) in candidates)
        {
            if (facts.RuleKey is { } only && only != rule.Key)
            {
                continue;
            }

            var evaluation = Evaluator.Evaluate(definition, facts);
            if (evaluation.NeedsPaths && rule.Enabled && row.Problem is null)
            {
                return false;
            }

            judged.Add((rule, evaluation));
        }

        foreach (var (rule, evaluation) in judged)
        {
            batch.Evaluations.Add(await StoreAsync(session, row, facts, rule, evaluation, batch));
        }

        return true;
    }

    private async Task<NewEvaluation> StoreAsync(DbSession session, SignalRow row, SignalFacts facts, BookRule rule, RuleEvaluation evaluation, Batch batch)
    {
        var (result, reason) = evaluation.Outcome switch
        {
            ConditionOutcome.Matched when !rule.Enabled => (EvaluationResult.Suppressed, "Disabled: the rule is switched off. Switch it on with: switchyard rule enable " + ShellWord.Quote(rule.Rule.Name)),
            ConditionOutcome.Matched => (EvaluationResult.Matched, evaluation.Sentence),
            ConditionOutcome.Unknown when row.Problem is not null => (EvaluationResult.Unknown, row.Problem),
            ConditionOutcome.Unknown => (EvaluationResult.Unknown, evaluation.Sentence),
            _ => (EvaluationResult.NotMatched, evaluation.Sentence),
        };
        Admission? admission = null;
        if (result == EvaluationResult.Matched)
        {
            admission = await pendings.AddAsync(session, rule, new EvaluatedSignal(row.Id, facts, row.Source));
            batch.Lanes.Add((PendingKind, admission.Lane));
            await reports.WantAsync(session, rule, facts, batch.Lanes);
            if (admission.OlderCommit is { } older)
            {
                await reports.WantAsync(session, rule, facts with { Sha = older }, batch.Lanes);
            }

            if (admission.NewerCommit is { } newer)
            {
                (result, reason) = (EvaluationResult.Suppressed, $"Superseded: {newer[..Math.Min(7, newer.Length)]} was pushed after it and was taken before it came. With keep: all each commit is taken.");
            }
        }

        return new NewEvaluation(row.Id, rule.Id, rule.RevisionId, result, reason, evaluation.Conditions, admission?.PendingId, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>A release names its tag, a schedule and a person a repository: which commit that is must be asked for.</summary>
    private static bool IsWithoutItsCommit(SignalFacts facts) => facts is { Sha: null, Source: not null, Ref: not null };

    /// <summary>
    /// Asks, outside of any transaction, what a push or pull request changed, or which commit it is about; the batch then goes on from there. False where GitHub
    /// cannot say now: the lane waits, so that its order is kept, but not for ever.
    /// </summary>
    private async Task<bool> CompleteAsync(SignalRow signal, CancellationToken cancellation)
    {
        var facts = SignalFacts.FromJson(signal.Facts);
        var (reason, isFinal) = ("", false);
        if (IsWithoutItsCommit(facts))
        {
            var commit = await paths.ReadCommitAsync(signal.ProviderId, facts, cancellation);
            if (commit.Sha is { } sha)
            {
                await signals.SaveCommitAsync(signal.Id, sha, cancellation);
                return true;
            }

            (reason, isFinal) = (commit.Reason!, commit.IsFinal);
        }
        else
        {
            var found = await paths.ReadAsync(signal.ProviderId, facts, cancellation);
            if (found.Paths is { } changed)
            {
                await signals.SavePathsAsync(signal.Id, changed, cancellation);
                return true;
            }

            (reason, isFinal) = (found.Reason!, found.IsFinal);
        }

        Log.Incomplete(logger, signal.Id, reason);
        if (!isFinal && time.GetUtcNow().ToUnixTimeMilliseconds() - signal.RecordedAt < (long)AskAtMost.TotalMilliseconds)
        {
            return false;
        }

        await signals.SaveProblemAsync(signal.Id, reason, cancellation);
        return true;
    }

    private sealed class Batch
    {
        public List<NewEvaluation> Evaluations { get; } = [];

        public HashSet<(string Kind, string Lane)> Lanes { get; } = [];

        public SignalRow? Incomplete { get; set; }

        public bool GoOn { get; set; }

        public void Clear()
        {
            Evaluations.Clear();
            Lanes.Clear();
            (Incomplete, GoOn) = (null, false);
        }

        public void Kick(Lanes lanes)
        {
            foreach (var (kind, lane) in Lanes)
            {
                lanes.Kick(kind, lane);
            }
        }
    }

    private sealed record SignalRow
    {
        public long Id { get; init; }

        public long ProviderId { get; init; }

        public string Kind { get; init; } = "";

        public string Source { get; init; } = "";

        public string? RepositoryName { get; init; }

        public string Facts { get; init; } = "{}";

        public long RecordedAt { get; init; }

        /// <summary>Why it is not to be had what changed or which commit it is, after every try.</summary>
        public string? Problem { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "SignalIncomplete: what signal {Signal} is about could not be read. {Problem}", EventName = "SignalIncomplete")]
        public static partial void Incomplete(ILogger logger, long signal, string problem);
    }
}
