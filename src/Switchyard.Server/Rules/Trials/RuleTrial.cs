using Switchyard.Rules;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Trials;

/// <summary>One thing that would have been started.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Key">What was quiet together.</param>
/// <param name="Target">Repository and workflow or event.</param>
/// <param name="Repository">The source of the last Signal.</param>
/// <param name="Sha">Its commit.</param>
/// <param name="SignalId">The last Signal.</param>
/// <param name="Signals">How many Signals went in.</param>
/// <param name="DueAt">When it would have been quiet. How the checks would have come out is not known any more.</param>
/// <param name="Gated">Whether it would have waited for checks then.</param>
internal sealed record TrialDispatch(string Rule, string Key, string Target, string? Repository, string? Sha, long SignalId, int Signals, DateTimeOffset DueAt, bool Gated);

/// <summary>What a changed file would have done, beside what the file in force does with the same Signals.</summary>
internal sealed record TrialResult(
    IReadOnlyList<RuleProblem> Problems, DateTimeOffset Since, int Signals, IReadOnlyList<TrialDispatch> Added, IReadOnlyList<TrialDispatch> Gone, IReadOnlyList<TrialDispatch> Kept, IReadOnlyList<string> Unknown, bool IsCut);

/// <summary>Holds stored Signals against a changed file of rules and against the one in force; nothing is stored or sent.</summary>
internal sealed class RuleTrial(Database database, RuleSourceStore sources, LoadRules load)
{
    /// <summary>Signals that are gone through at most, the newest ones.</summary>
    public const int MostSignals = 100_000;

    private const int Page = 1_000;

    public async Task<TrialResult> RunAsync(RuleSourceKey key, string text, DateTimeOffset since, CancellationToken cancellation)
    {
        var judged = await load.JudgeAndLookAsync(key, text, cancellation);
        if (judged.File is not { } changed)
        {
            return new TrialResult(judged.Problems, since, 0, [], [], [], [], false);
        }

        var source = await sources.FindAsync(key, cancellation);
        var inForce = await sources.FindRevisionAsync(source?.RevisionId, cancellation) is { } revision
            ? RuleFile.Parse(revision.Text, RuleScopes.Of(key.Kind, key.Name, ["*/*"])).File
            : null;
        var (now, before) = (new Replay(changed.Rules), new Replay(inForce?.Rules ?? []));
        var count = 0;
        await foreach (var (id, facts) in ReadAsync(key.ProviderId, since, cancellation))
        {
            count++;
            now.Take(id, facts);
            before.Take(id, facts);
        }

        var (would, does) = (now.Finish(), before.Finish());
        var (wouldStart, starts) = (would.Select(Identity).ToHashSet(), does.Select(Identity).ToHashSet());
        return new TrialResult(
            judged.Problems,
            since,
            count,
            [.. would.Where(dispatch => !starts.Contains(Identity(dispatch)))],
            [.. does.Where(dispatch => !wouldStart.Contains(Identity(dispatch)))],
            [.. would.Where(dispatch => starts.Contains(Identity(dispatch)))],
            [.. now.Unknown.Distinct().Take(20)],
            count >= MostSignals);
    }

    private static (string Target, long SignalId) Identity(TrialDispatch dispatch) => (dispatch.Target, dispatch.SignalId);

    private async IAsyncEnumerable<(long Id, SignalFacts Facts)> ReadAsync(
        long providerId, DateTimeOffset since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var first = await database.ReadAsync(
            session => session.ScalarAsync<long?>(
                $"select min(id) from (select id from signals where provider_id = @providerId and recorded_at >= @from order by id desc limit {MostSignals}) newest", new { providerId, from = since.ToUnixTimeMilliseconds() }),
            cancellation);
        for (var after = (first ?? long.MaxValue) - 1; ;)
        {
            var rows = await database.ReadAsync(
                session => session.QueryAsync<Row>($"select id, facts, recorded_at from signals where provider_id = @providerId and id > @after order by id limit {Page}", new { providerId, after }), cancellation);
            foreach (var row in rows)
            {
                yield return (row.Id, SignalFacts.FromJson(row.Facts) with { Id = row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(row.RecordedAt) });
            }

            if (rows.Count < Page)
            {
                yield break;
            }

            after = rows[^1].Id;
        }
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Facts { get; init; } = "{}";

        public long RecordedAt { get; init; }
    }
}
