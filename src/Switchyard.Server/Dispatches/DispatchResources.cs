using System.Globalization;
using System.Text.Json;

namespace Switchyard.Server.Dispatches;

/// <summary>A Run as the API shows it: status and conclusion are GitHub's words, <c>Match</c> says how it was found or that it was not.</summary>
public sealed record RunResource(
    string? Id, string Match, long? Number, long? Attempt, string? Name, string? Title, string? Status, string? Conclusion, string? HeadSha, string? HtmlUrl, long Others,
    string? Detail, string? NextStep, DateTimeOffset? StartedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? EndedAt);

/// <summary>A Dispatch as the API lists it.</summary>
public sealed record DispatchResource(
    string Id, string Provider, string? Rule, string RuleId, string Kind, string Target, string? Workflow, string? EventType, string? Ref, string? Repository, string SignalId,
    string? SignalKind, string State, string? Error, string? NextStep, long Attempts, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? EndedAt,
    DateTimeOffset? NextAttemptAt, RunResource? Run);

public sealed record DispatchAttempt(long Number, string Result, long? Status, string? Message, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, double? Seconds);

public sealed record DispatchPending(string Id, string State, string? Detail, DateTimeOffset FirstAt, DateTimeOffset? EndedAt);

public sealed record DispatchSource(string Repository, string Ref, string Sha, long Signals);

public sealed record DispatchSignal(
    string Id, string Kind, string? Actor, string? Sha, string? Ref, DateTimeOffset OccurredAt, string? DeliveryId, string? DeliveryGuid, string? EvaluationId, string? EvaluationResult);

public sealed record DispatchReport(string Repository, string Sha, string Name, string? CheckRunId, string? Error);

/// <summary>A Dispatch with all that led to it and came of it. <c>Body</c> is what is sent: the inputs, or the client payload.</summary>
public sealed record DispatchDetail(
    DispatchResource Dispatch, string Token, long Hop, JsonElement Body, IReadOnlyList<DispatchAttempt> Attempts, DispatchSignal? Signal, DispatchPending? Pending,
    IReadOnlyList<DispatchSource> Sources, long Echoes, IReadOnlyList<DispatchReport> Reports);

internal static class DispatchResources
{
    public static DispatchResource Of(ListedDispatch listed)
    {
        var dispatch = listed.Dispatch;
        return new DispatchResource(
            Text(dispatch.Id), listed.Provider, listed.Rule, Text(dispatch.RuleId), dispatch.Kind, dispatch.TargetName, dispatch.Workflow, dispatch.EventType, dispatch.Ref,
            dispatch.RepositoryName, Text(dispatch.SignalId), listed.SignalKind, dispatch.State, dispatch.Error, dispatch.NextStep, dispatch.Attempts,
            DateTimeOffset.FromUnixTimeMilliseconds(dispatch.CreatedAt), Time(dispatch.SentAt), Time(dispatch.EndedAt),
            dispatch.State is DispatchState.Pending or DispatchState.Retrying ? Time(dispatch.DueAt) : null,
            listed.Run is { } run ? Of(run) : null);
    }

    public static DispatchDetail Of(ListedDispatch listed, DispatchTrace trace)
    {
        using var body = JsonDocument.Parse(listed.Dispatch.Body);
        return new DispatchDetail(
            Of(listed),
            listed.Dispatch.Token,
            listed.Dispatch.Hop,
            body.RootElement.Clone(),
            [.. trace.Attempts.Select(attempt => new DispatchAttempt(
                attempt.Number, attempt.Result, attempt.Status, attempt.Message, Time(attempt.StartedAt)!.Value, Time(attempt.EndedAt), (attempt.EndedAt - attempt.StartedAt) / 1000.0))],
            trace.Signal is { } signal
                ? new DispatchSignal(
                    Text(signal.Id), signal.Kind, signal.Actor, signal.Sha, signal.Ref, Time(signal.OccurredAt)!.Value, Text(signal.DeliveryId), signal.Guid, Text(signal.EvaluationId), signal.Result)
                : null,
            trace.Pending is { } pending ? new DispatchPending(Text(pending.Id), pending.State, pending.Detail, Time(pending.FirstAt)!.Value, Time(pending.EndedAt)) : null,
            [.. trace.Sources.Select(source => new DispatchSource(source.RepositoryName, source.Ref, source.Sha, source.Signals))],
            trace.EchoCount,
            [.. trace.Reports.Select(report => new DispatchReport(report.RepositoryName, report.Sha, report.Name, Text(report.CheckRunId), report.Error))]);
    }

    private static RunResource Of(RunRow run) => new(
        Text(run.GithubId), run.Match, run.Number, run.Attempt, run.Name, run.Title, run.Status, run.Conclusion, run.HeadSha, run.HtmlUrl, run.Others, run.Detail, run.NextStep,
        Time(run.StartedAt), Time(run.UpdatedAt is > 0 ? run.UpdatedAt : null), Time(run.EndedAt));

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
