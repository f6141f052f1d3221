using System.Globalization;
using System.Text;
using Switchyard.GitHub.Rest;

namespace Switchyard.Server.Dispatches;

/// <summary>Writes what a check run of a rule says. What comes from elsewhere stands as code, so that nothing in it is marked up.</summary>
/// <param name="publicUrl">Where people reach this server, without a slash at the end; null: there are no links to it.</param>
internal sealed class RuleReportText(string? publicUrl, int maxAttempts)
{
    /// <summary>From the worst: the whole is as its worst part.</summary>
    private static readonly string[] Conclusions = ["failure", "timed_out", "action_required", "cancelled", "neutral", "skipped", "success"];

    public CheckRunDraft Write(ReportedPending pending, IReadOnlyList<ReportedDispatch> dispatches)
    {
        var parts = dispatches.Select(dispatch => (Dispatch: dispatch, State: Judge(dispatch))).ToList();
        var draft = pending.State switch
        {
            "Quiet" => Queued($"Waiting for quiet until {Clock(pending.DueAt)}", pending.Detail),
            "Checks" => Queued(pending.Detail ?? "Waiting for checks", null),
            "Cancelled" => Completed("cancelled", $"Cancelled{(pending.EndedBy is null ? "" : $" by {pending.EndedBy}")} before it was sent", pending.Detail),
            "ChecksFailed" => Completed("neutral", "Not started: the checks did not pass", pending.Detail),
            "TimedOut" => Completed("timed_out", "Not started: the checks took too long", pending.Detail),
            _ when parts.Count == 0 => Queued("About to be sent", pending.Detail),
            _ when parts.TrueForAll(part => part.State.Conclusion is not null) => Completed(parts.Select(part => part.State.Conclusion!).MinBy(word => Array.IndexOf(Conclusions, word))!, TitleOf(parts), null),
            _ when parts.Exists(part => part.Dispatch.State == DispatchState.Sent) => Queued(TitleOf(parts), null) with { Status = "in_progress" },
            _ => Queued(TitleOf(parts), null),
        };
        var ended = draft.Status == "completed" ? parts.Select(part => part.Dispatch.RunEndedAt ?? part.Dispatch.EndedAt ?? 0).Append(pending.EndedAt ?? 0).Max() : 0;
        return draft with
        {
            StartedAt = Time(pending.FirstAt),
            CompletedAt = ended > 0 ? Time(Math.Max(ended, pending.FirstAt)) : null,
            DetailsUrl = dispatches.Count == 0 ? null : publicUrl is null ? dispatches.Select(dispatch => dispatch.HtmlUrl).FirstOrDefault(url => url is not null) : $"{publicUrl}/dispatches/{dispatches[0].Id}",
            Summary = SummaryOf(draft.Summary, pending, parts),
        };
    }

    private static CheckRunDraft Queued(string title, string? detail) => new() { Status = "queued", Title = title, Summary = detail };

    private static CheckRunDraft Completed(string conclusion, string title, string? detail) => new() { Status = "completed", Conclusion = conclusion, Title = title, Summary = detail };

    private PartState Judge(ReportedDispatch dispatch) => dispatch.State switch
    {
        DispatchState.Pending when dispatch.Error is not null => new("waits", dispatch.Error, dispatch.NextStep),
        DispatchState.Pending or DispatchState.Sending => new("is being sent"),
        DispatchState.Retrying => new($"retrying ({dispatch.Failures + 1} of {maxAttempts}, next {Clock(dispatch.DueAt)})", dispatch.Error, dispatch.NextStep),
        DispatchState.Unconfirmed => new("unconfirmed: looking for its Run", dispatch.Error),
        DispatchState.Cancelled => new("cancelled", dispatch.Error) { Conclusion = "cancelled" },
        DispatchState.Suppressed => new("not sent", dispatch.Error, dispatch.NextStep) { Conclusion = "neutral" },
        DispatchState.Failed or DispatchState.Dead => new("failed", dispatch.Error, dispatch.NextStep) { Conclusion = "action_required" },
        _ when dispatch.Match == RunMatch.NoListener => new("sent, and no Run came of it", dispatch.Detail, dispatch.RunNextStep) { Conclusion = "action_required" },
        _ when dispatch.RunId is null => new("sent; its Run is looked for"),
        _ when dispatch.Status == "completed" => new((dispatch.Conclusion ?? "completed").Replace('_', ' ')) { Conclusion = ConclusionOf(dispatch.Conclusion) },
        _ => new((dispatch.Status ?? "queued").Replace('_', ' '), dispatch.Detail, dispatch.RunNextStep),
    };

    private static string ConclusionOf(string? word) => word switch
    {
        "startup_failure" => "failure",
        "stale" or null => "neutral",
        _ => Conclusions.Contains(word, StringComparer.Ordinal) ? word : "neutral",
    };

    private static string TitleOf(List<(ReportedDispatch Dispatch, PartState State)> parts) => parts is [var one]
        ? $"{What(one.Dispatch)} of {one.Dispatch.TargetName}: {one.State.Words}"
        : string.Join(", ", parts.GroupBy(part => part.State.Words, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}"));

    private string SummaryOf(string? detail, ReportedPending pending, List<(ReportedDispatch Dispatch, PartState State)> parts)
    {
        var text = new StringBuilder();
        if (detail is { Length: > 0 })
        {
            text.Append(detail).Append("\n\n");
        }

        if (parts.Count > 0)
        {
            text.Append("| Target | Started | Dispatch | Run |\n|---|---|---|---|\n");
        }

        foreach (var (dispatch, state) in parts)
        {
            var run = dispatch.RunId is null ? "" : $"[#{dispatch.RunNumber?.ToString(CultureInfo.InvariantCulture) ?? "?"}]({dispatch.HtmlUrl}){(dispatch.Match == RunMatch.ProbableMatch ? " (probable)" : "")}{(dispatch.Others > 0 ? $" and {dispatch.Others} more" : "")} ";
            text.Append(CultureInfo.InvariantCulture, $"| {Code(dispatch.TargetName)} | {Code(What(dispatch))}{(dispatch.Ref is null ? "" : $" on {Code(dispatch.Ref)}")} | {Link("d-", dispatch.Id, "dispatches")}{(dispatch.Attempts > 1 ? $", {dispatch.Attempts} attempts" : "")} | {run}{state.Words} |\n");
        }

        foreach (var (dispatch, state) in parts.Where(part => part.State.Why is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{What(dispatch)} of {dispatch.TargetName}**: {state.Why}{(state.NextStep is null ? "" : $" {state.NextStep}")}\n");
        }

        text.Append("\nTrace: ");
        if (pending.DeliveryId is { } delivery)
        {
            text.Append(CultureInfo.InvariantCulture, $"Delivery {Link("", delivery, "deliveries")}{(pending.Guid is null ? "" : $" {Code(pending.Guid)}")} → ");
        }

        text.Append(CultureInfo.InvariantCulture, $"Signal {(pending.SignalId is { } signal ? Link("", signal, "signals") : "?")} ({pending.SignalKind ?? "gone"})");
        if (pending.EvaluationId is { } evaluation)
        {
            text.Append(CultureInfo.InvariantCulture, $" → Evaluation {Link("", evaluation, "evaluations")}");
        }

        return text.Append(parts.Count > 0 ? " → Dispatch → Run" : "").Append('\n').ToString();
    }

    private string Link(string prefix, long id, string page) => publicUrl is null ? $"{prefix}{id}" : $"[{prefix}{id}]({publicUrl}/{page}/{id})";

    private static string What(ReportedDispatch dispatch) => dispatch.Workflow ?? dispatch.EventType ?? dispatch.Kind;

    private static string Code(string text) => $"`{text.Replace('`', '\'').Replace('|', '/').ReplaceLineEndings(" ")}`";

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string Clock(long milliseconds) => Time(milliseconds).UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + "Z";

    /// <param name="Words">How it is, as the end of a sentence.</param>
    /// <param name="Why">What is wrong with it.</param>
    private sealed record PartState(string Words, string? Why = null, string? NextStep = null)
    {
        /// <summary>Null while it goes on.</summary>
        public string? Conclusion { get; init; }
    }
}
