using System.Globalization;
using Switchyard.Rules;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;
using static Switchyard.Server.Rules.Evaluations.ExplainEndpoints;

namespace Switchyard.Server.Rules.Evaluations;

/// <summary>
/// Says of a Signal what every rule made of it: candidates by their stored evaluation, and the others by holding them against the
/// stored facts once more, so that "why did this not run" has an answer for each.
/// </summary>
internal sealed class Explain(Database database, RuleBook book)
{
    private const int Most = 20;

    /// <summary>The Signals that are meant, newest first.</summary>
    public Task<List<SignalRow>> FindAsync(long? dispatch, long? signal, string? repository, string? sha, string? provider, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var ids = await session.QueryAsync<long>(
                    $"""
                    select s.id from signals s join providers p on p.id = s.provider_id
                    where (@signal is null or s.id = @signal)
                      and (@dispatch is null or s.id in (select signal_id from dispatches where id = @dispatch))
                      and (@repository is null or lower(s.repository_name) = lower(@repository)) and (@sha is null or s.sha like @sha || '%') and (@provider is null or p.slug = @provider)
                    order by s.id desc limit {Most}
                    """,
                    new { signal, dispatch, repository, sha, provider });
                var rows = new List<SignalRow>(ids.Count);
                foreach (var id in ids)
                {
                    rows.Add((await SignalStore.FindAsync(session, id))!);
                }

                return rows;
            },
            cancellation);

    public async Task<Explanation> RunAsync(SignalRow signal, string? only, CancellationToken cancellation)
    {
        var (rules, facts) = (await book.OpenAsync(cancellation), signal.ReadFacts());
        var stored = await database.ReadAsync(
            async session => (
                Evaluations: await session.QueryAsync<EvaluationFacts>($"select {EvaluationFacts.Columns} from {EvaluationFacts.From} where e.signal_id = @Id order by e.rule_id", new { signal.Id }),
                Pendings: (await session.QueryAsync<PendingFacts>(
                    $"select {PendingFacts.Columns} from {PendingFacts.From} where q.id in (select pending_id from evaluations where signal_id = @Id)", new { signal.Id })).ToDictionary(row => row.Id),
                Sources: (await session.QueryAsync<PendingSource>(
                    $"select {PendingSource.Columns} from pending_sources where pending_id in (select pending_id from evaluations where signal_id = @Id) order by signal_id", new { signal.Id })).ToLookup(row => row.PendingId),
                Dispatches: (await session.QueryAsync<DispatchRow>(
                    """
                    select d.id, d.pending_id, d.target_name, coalesce(d.workflow, d.event_type) as what, d.state, d.error, n.status, n.conclusion, n.html_url, n.match, n.detail
                    from dispatches d left join runs n on n.dispatch_id = d.id
                    where d.pending_id in (select pending_id from evaluations where signal_id = @Id) order by d.id
                    """,
                    new { signal.Id })).ToLookup(row => row.PendingId)),
            cancellation);
        var explained = stored.Evaluations.ConvertAll(evaluation => OfStored(evaluation, facts, stored.Pendings, stored.Sources, stored.Dispatches));
        var known = stored.Evaluations.Select(evaluation => evaluation.RuleId).ToHashSet();
        explained.AddRange(rules.All.Where(rule => rule.ProviderId == signal.ProviderId && !known.Contains(rule.Id)).OrderBy(rule => rule.Id).Select(rule => OfNow(rule, facts)));
        return new Explanation(
            Text(signal.Id)!,
            signal.Kind,
            signal.RepositoryName,
            signal.Ref,
            signal.Sha,
            RuleResource.Time(signal.OccurredAt)!.Value,
            signal.Source,
            Text(signal.DeliveryId),
            [.. explained.Where(rule => only is null || rule.Rule.Equals(only, StringComparison.OrdinalIgnoreCase) || rule.RuleId == only)]);
    }

    private static RuleExplanation OfStored(
        EvaluationFacts evaluation, SignalFacts facts, Dictionary<long, PendingFacts> pendings, ILookup<long, PendingSource> sources, ILookup<long, DispatchRow> dispatches)
    {
        var pending = evaluation.PendingId is { } id ? pendings.GetValueOrDefault(id) : null;
        var newer = pending is null ? null : sources[pending.Id].FirstOrDefault(source => TookThePlaceOf(evaluation.SignalId, facts, source));
        return new RuleExplanation(
            evaluation.Rule,
            Text(evaluation.RuleId)!,
            evaluation.Source,
            true,
            evaluation.Result,
            evaluation.Reason ?? "",
            EvaluationEndpoints.Show(EvaluationStore.ReadConditions(evaluation.Conditions)),
            Text(pending?.Id),
            pending?.State,
            pending?.Detail,
            pending is null ? [] : PendingSteps.Of(pending, [.. sources[pending.Id]]),
            newer is null ? null : new NewerCommit(newer.RepositoryName, newer.Ref, newer.Sha, Text(newer.SignalId)!),
            [.. pending is null ? [] : dispatches[pending.Id].Select(row => new StartedDispatch(Text(row.Id)!, $"{row.TargetName} {row.What}".Trim(), row.State, row.Error, row.Status, row.Conclusion, row.HtmlUrl, row.Match, row.Detail))]);
    }

    /// <summary>One commit of a branch is sent. Another Signal of the same commit changes nothing about what is sent for it.</summary>
    private static bool TookThePlaceOf(long signalId, SignalFacts facts, PendingSource source) =>
        source.GithubRepositoryId == (facts.Source?.Id ?? 0) && source.Ref == PendingStore.RefOf(facts)
        && source.SignalId != signalId && (source.Sha.Length == 0 || source.Sha != facts.Sha);

    private static RuleExplanation OfNow(BookRule rule, SignalFacts facts)
    {
        var evaluation = Evaluator.Evaluate(rule.Rule, facts);
        var reason = facts.RuleKey is { } meant && meant != rule.Key ? "The signal is meant for another rule alone." : evaluation.Sentence;
        return new RuleExplanation(
            rule.Rule.Name,
            rule.Key,
            rule.SourceName,
            false,
            evaluation.Outcome == ConditionOutcome.Matched && facts.RuleKey is not null && facts.RuleKey != rule.Key ? EvaluationResult.NotMatched : evaluation.Outcome.ToString(),
            evaluation.Outcome == ConditionOutcome.Matched ? reason + " The rule, or what it asks for, is newer than the signal." : reason,
            EvaluationEndpoints.Show(evaluation.Conditions),
            null,
            null,
            null,
            [],
            null,
            []);
    }

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private sealed record DispatchRow
    {
        public long Id { get; init; }

        public long PendingId { get; init; }

        public string TargetName { get; init; } = "";

        public string? What { get; init; }

        public string State { get; init; } = "";

        public string? Error { get; init; }

        public string? Status { get; init; }

        public string? Conclusion { get; init; }

        public string? HtmlUrl { get; init; }

        public string? Match { get; init; }

        public string? Detail { get; init; }
    }
}
