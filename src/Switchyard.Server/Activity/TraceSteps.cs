using System.Globalization;
using Switchyard.Server.Panel;

namespace Switchyard.Server.Activity;

/// <summary>Makes the steps of a trace from rows.</summary>
internal static class TraceSteps
{
    public static TraceStep Of(TracedDelivery row) => new("Delivery", Text(row.Id), row.Action is null ? row.Event : $"{row.Event}.{row.Action}", row.State, Time(row.ReceivedAt))
    {
        Href = "/deliveries/" + Text(row.Id),
        Detail = row.Error ?? row.Outcome,
        EndedAt = Time(row.HandledAt),
        DueAt = row.State == "Failed" ? Time(row.DueAt) : null,
    };

    /// <summary>Where a Signal is from that no Delivery told of.</summary>
    public static TraceStep SourceOf(TracedSignal row) => new(row.Source, null, row.Kind == "checks" ? "checks settled" : row.Source == "Webhook" ? "no longer kept" : "no delivery", null, null);

    public static TraceStep Of(TracedSignal row) => new("Signal", Text(row.Id), row.Kind, row.EvaluatedAt is null ? "Waiting" : null, Time(row.RecordedAt))
    {
        Href = "/signals/" + Text(row.Id),
        Detail = row.Problem ?? string.Join(' ', new[] { row.RepositoryName, Words.Ref(row.Ref), row.Sha is { } sha ? Words.Sha(sha) : null }.OfType<string>()),
        EndedAt = Time(row.EvaluatedAt),
    };

    public static TraceStep Of(TracedEvaluation row) => new("Evaluation", Text(row.Id), row.Rule, row.Result, Time(row.At))
    {
        Href = "/evaluations/" + Text(row.Id),
        Detail = row.Reason,
    };

    public static TraceStep Of(TracedPending row)
    {
        var open = row.EndedAt is null;
        var quietEnd = row.ChecksSince ?? row.EndedAt;
        string?[] waits =
        [
            row.QuietUntil <= row.LastAt ? null : quietEnd is { } end ? $"quiet {Took(row.FirstAt, end)}{(row.NowBy is { } by ? $", ended by {by}" : "")}" : "until it is quiet",
            row.ChecksSince is not { } since ? null : row.EndedAt is { } ended ? $"checks {Took(since, ended)}" : "for checks",
        ];
        var waited = string.Join(", ", waits.OfType<string>());
        return new TraceStep("Waiting", Text(row.Id), waited.Length > 0 ? waited : open ? "is looked at" : "for nothing", row.State, Time(row.FirstAt))
        {
            Href = "/pending/" + Text(row.Id),
            Detail = row.Detail,
            EndedAt = Time(row.EndedAt),
            DueAt = open ? Time(row.DueAt) : null,
        };
    }

    public static TraceStep Of(TracedDispatch row, IReadOnlyList<TracedAttempt> attempts)
    {
        var page = "/dispatches/" + Text(row.Id);
        var run = Run(row, page);
        TraceStep[] next = attempts.Count == 0 ? run : [Attempt(attempts, page) with { Next = run }];
        return new TraceStep("Dispatch", Text(row.Id), $"{row.TargetName} {row.What ?? row.Kind}", row.State, Time(row.CreatedAt))
        {
            Href = page,
            Detail = row.Error,
            DueAt = row.State == "Retrying" ? Time(row.DueAt) : null,
            Next = next,
        };
    }

    private static TraceStep Attempt(IReadOnlyList<TracedAttempt> attempts, string page)
    {
        var last = attempts[^1];
        return new TraceStep("Attempt", Text(last.Number), attempts.Count == 1 ? "the first" : $"number {Text(last.Number)}", last.Result, Time(last.StartedAt))
        {
            Href = page + "#attempts",
            Detail = last.Message ?? (attempts.Count > 1 ? string.Join(", ", attempts.Select(attempt => $"{Text(attempt.Number)}: {attempt.Result}")) : null),
            EndedAt = Time(last.EndedAt),
        };
    }

    private static TraceStep[] Run(TracedDispatch row, string page) => row.RunMatch is null ? [] :
    [
        new TraceStep("Run", Text(row.RunId), row.RunId is null ? "not known" : row.RunNumber is { } number ? "#" + Text(number) : Text(row.RunId)!, row.RunId is null ? row.RunMatch : row.RunStatus, Time(row.RunStartedAt))
        {
            Href = page + "#run",
            Outcome = row.RunConclusion,
            Detail = row.RunDetail,
            EndedAt = Time(row.RunEndedAt),
        },
    ];

    public static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private static string Took(long from, long to) => Words.Took(TimeSpan.FromMilliseconds(Math.Max(0, to - from)));
}
