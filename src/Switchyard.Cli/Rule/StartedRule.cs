using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule;

/// <summary>How a rule that was started by hand ended.</summary>
internal sealed record EndedStart(bool Succeeded, JsonNode Json, string Text);

/// <summary>Follows one rule and one Signal: evaluated, quiet, checks, Dispatches, Runs. All of it goes on in the server, whoever watches.</summary>
internal sealed class StartedRule(Invocation run, string signal, string ruleId, string name)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<EndedStart> FollowAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var began = run.Terminal.Time.GetTimestamp();
        using var progress = run.Progress();
        try
        {
            while (true)
            {
                var rule = await ReadAsync(cancellation);
                if (rule is not null && Judge(rule) is { } ended)
                {
                    return ended;
                }

                var stage = Stage(rule);
                progress.Report($"{name}: {stage}");
                if (run.Terminal.Time.GetElapsedTime(began) > limit)
                {
                    throw new CommandProblem(
                        ExitCode.TimedOut, "StillRunning", $"Rule \"{name}\" was not done after {Durations.Show(limit)}: {stage}. It goes on in the server.", Next());
                }

                await Task.Delay(Pause, run.Terminal.Time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new CommandProblem(ExitCode.Usage, "Detached", $"No longer waiting for rule \"{name}\"; it goes on in the server.", Next());
        }
    }

    private NextStep[] Next() => [new NextStep("See how far it is", Command: $"switchyard rule explain s-{signal}")];

    private async Task<JsonObject?> ReadAsync(CancellationToken cancellation)
    {
        var answer = await run.Server.GetAsync("api/v1/explanations" + ApiClient.Query([new("signal", signal), new("rule", ruleId)]), cancellation);
        return (answer as JsonArray ?? []).SelectMany(one => one?["rules"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(rule => Members.At(rule, "stored") == "true");
    }

    private static string Stage(JsonObject? rule) => rule is null ? "not evaluated yet" : Members.At(rule, "pendingState") switch
    {
        "Quiet" => "waits until it is quiet",
        "Checks" => $"waits for checks ({Members.At(rule, "pendingDetail")})",
        _ => string.Join("; ", Dispatches(rule).Select(Say)) is { Length: > 0 } said ? said : "on its way",
    };

    /// <summary>Null as long as something is still to come.</summary>
    private static EndedStart? Judge(JsonObject rule)
    {
        if (Members.At(rule, "result") != "Matched")
        {
            return new EndedStart(false, rule.DeepClone(), $"It started nothing: {Members.At(rule, "result")}, {Members.At(rule, "reason")}.");
        }

        if (Members.At(rule, "pendingState") is "Cancelled" or "ChecksFailed" or "TimedOut")
        {
            return new EndedStart(false, rule.DeepClone(), $"It started nothing: {Members.At(rule, "pendingState")}{(Members.At(rule, "pendingDetail") is { } detail ? ", " + detail : "")}.");
        }

        var dispatches = Dispatches(rule);
        return dispatches.Count == 0 || !dispatches.TrueForAll(IsDone)
            ? null
            : new EndedStart(dispatches.TrueForAll(Succeeded), rule.DeepClone(), string.Join('\n', dispatches.Select(Say)));
    }

    private static List<JsonObject> Dispatches(JsonObject rule) => [.. (rule["dispatches"] as JsonArray ?? []).OfType<JsonObject>()];

    private static bool IsDone(JsonObject dispatch) =>
        Members.At(dispatch, "state") is "Failed" or "Dead" or "Cancelled" or "Suppressed" || Members.At(dispatch, "runStatus") == "completed" || Members.At(dispatch, "runMatch") == "NoListener";

    private static bool Succeeded(JsonObject dispatch) => Members.At(dispatch, "runStatus") == "completed" && Members.At(dispatch, "runConclusion") == "success";

    private static string Say(JsonObject dispatch)
    {
        var run = string.Join(" ", new[] { Members.At(dispatch, "runStatus"), Members.At(dispatch, "runConclusion"), Members.At(dispatch, "runUrl") }.OfType<string>());
        var why = Members.At(dispatch, "error") ?? (run.Length == 0 ? Members.At(dispatch, "runDetail") : null);
        return $"d-{Members.At(dispatch, "id")} {Members.At(dispatch, "target")}: {(run.Length > 0 ? run : Members.At(dispatch, "state"))}{(why is null ? "" : ": " + why)}";
    }
}
