using System.Text.Json;
using System.Text.Json.Serialization;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Evaluations;

internal static class EvaluationResult
{
    public const string Matched = "Matched";
    public const string NotMatched = "NotMatched";

    /// <summary>A condition could not be judged.</summary>
    public const string Unknown = "Unknown";

    /// <summary>It matched, and something keeps it from starting anything: the rule is disabled, or the loop guard.</summary>
    public const string Suppressed = "Suppressed";

    public static readonly string[] All = [Matched, NotMatched, Unknown, Suppressed];
}

/// <summary>One rule held against one Signal, as stored. Times are UTC milliseconds.</summary>
internal sealed record EvaluationFacts
{
    public const string Columns =
        """
        e.id, e.signal_id, e.rule_id, u.name as rule, s.name as source, e.revision_id, v.number as revision, e.result, e.reason, e.conditions, e.pending_id, e.at,
        g.kind as signal_kind, g.repository_name as repository, g.sha
        """;

    public const string From =
        """
        evaluations e join rules u on u.id = e.rule_id join rule_sources s on s.id = u.source_id left join rule_revisions v on v.id = e.revision_id
          left join signals g on g.id = e.signal_id
        """;

    public long Id { get; init; }

    public long SignalId { get; init; }

    public long RuleId { get; init; }

    public string Rule { get; init; } = "";

    public string Source { get; init; } = "";

    public long RevisionId { get; init; }

    public long? Revision { get; init; }

    public string Result { get; init; } = "";

    public string? Reason { get; init; }

    public string Conditions { get; init; } = "[]";

    public long? PendingId { get; init; }

    public long At { get; init; }

    public string? SignalKind { get; init; }

    public string? Repository { get; init; }

    public string? Sha { get; init; }
}

internal sealed record EvaluationFilter(long? Signal, string? Rule, string? Result, string? Repository, string? Sha)
{
    /// <summary>To find the newest: each is asked for its Signal, until there are enough.</summary>
    public string Where => Of("exists (select 1 from signals g where g.id = e.signal_id and {0})");

    /// <summary>To count all: the Signals are gone over once.</summary>
    public string CountWhere => Of("e.signal_id in (select g.id from signals g where {0})");

    private string Of(string ofSignal) => Conditions.Of(
        (Signal is not null, "e.signal_id = @Signal"),
        (Rule is not null, "e.rule_id in (select id from rules where name = @Rule or cast(id as text) = @Rule)"),
        (Result is not null, "e.result = @Result"),
        (Repository is not null || Sha is not null, ofSignal.Replace("{0}", Conditions.Of((Repository is not null, "lower(g.repository_name) = lower(@Repository)"), (Sha is not null, "g.sha = @Sha")), StringComparison.Ordinal)));
}

/// <summary>The rows of evaluations: candidates only, with those that did not match.</summary>
internal sealed class EvaluationStore(Database database, TimeProvider time)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private static readonly BulkInsert<NewEvaluation> Insert = new BulkInsert<NewEvaluation>("evaluations", "on conflict (signal_id, rule_id) do nothing")
        .Number("signal_id", row => row.SignalId)
        .Number("rule_id", row => row.RuleId)
        .Number("revision_id", row => row.RevisionId)
        .Text("result", row => row.Result)
        .Text("reason", row => row.Reason)
        .Text("conditions", row => JsonSerializer.Serialize(row.Conditions, Format))
        .Number("pending_id", row => row.PendingId)
        .Number("at", row => row.At);

    public static Task AddAsync(DbSession session, IReadOnlyList<NewEvaluation> rows) => Insert.RunAsync(session, rows);

    public static IReadOnlyList<ConditionResult> ReadConditions(string conditions) => JsonSerializer.Deserialize<List<ConditionResult>>(conditions, Format) ?? [];

    public Task<(List<EvaluationFacts> Rows, long Total)> ListAsync(EvaluationFilter filter, PageRequest page, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<EvaluationFacts>(
                    $"select {EvaluationFacts.Columns} from {EvaluationFacts.From} where e.id in (select e.id from evaluations e where {filter.Where} and e.id < @before order by e.id desc limit @limit) order by e.id desc",
                    new { filter.Signal, filter.Rule, filter.Result, filter.Repository, filter.Sha, before = page.AfterId ?? long.MaxValue, limit = page.Limit + 1 });
                return (rows, await session.ScalarAsync<long>($"select count(*) from evaluations e where {filter.CountWhere}", filter));
            },
            cancellation);

    public Task<EvaluationFacts?> FindAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<EvaluationFacts>($"select {EvaluationFacts.Columns} from {EvaluationFacts.From} where e.id = @id", new { id }), cancellation);

    /// <summary>Removes what is older, in steps; gives how many.</summary>
    public async Task<int> ExpireAsync(TimeSpan kept, CancellationToken cancellation)
    {
        const int Step = 2_000;
        var (removed, before) = (0, (time.GetUtcNow() - kept).ToUnixTimeMilliseconds());
        while (true)
        {
            var count = await database.WriteAsync(
                session => session.ExecuteAsync($"delete from evaluations where id in (select id from evaluations where at < @before order by at limit {Step})", new { before }), cancellation);
            removed += count;
            if (count < Step)
            {
                return removed;
            }
        }
    }
}

/// <summary>An evaluation to store.</summary>
internal sealed record NewEvaluation(
    long SignalId, long RuleId, long RevisionId, string Result, string? Reason, IReadOnlyList<ConditionResult> Conditions, long? PendingId, long At);
