using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Switchyard.Cli.Demo.Samples;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Demo;

/// <summary>
/// The second job, by the way of an event: a push to a source, its check turns green, the workflow of another repository runs,
/// and the commit is told. What is printed is read from the server.
/// </summary>
internal sealed class DemoSwitch(Invocation run, DemoWorld world)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Gives the trace; without a conclusion where time ran out.</summary>
    public async Task<JsonObject> RunAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var began = run.Terminal.Time.GetTimestamp();
        bool IsOver() => run.Terminal.Time.GetElapsedTime(began) > limit;
        if (!await UntilAsync(async () => (await world.Api.ListAsync("api/v1/rules", [], 10, cancellation)).Items.Count > 0, IsOver, cancellation))
        {
            return [];
        }

        using var control = new HttpClient { BaseAddress = new Uri(world.GitHub.Url, "_simulator/") };
        await SendAsync(control, HttpMethod.Put, "plan", new JsonObject { ["secondsQueued"] = 0.2, ["secondsRunning"] = 1 }, cancellation);
        var (path, text) = SwitchSamples.Change;
        var pushed = await SendAsync(
            control, HttpMethod.Post, $"repositories/{SwitchSamples.Source}/commits", new JsonObject { ["branch"] = "main", ["message"] = "Give orders a precise score", ["files"] = new JsonObject { [path] = text } }, cancellation);
        var sha = Members.At(pushed, "sha")!;
        run.Printer.Say($"Pushed {sha[..7]} to {SwitchSamples.Source}; its check \"lint\" runs.");
        if (await UntilAsync(async () => await PendingAsync(sha, "Checks", cancellation) is not null, IsOver, cancellation))
        {
            run.Printer.Say($"{Members.At(await PendingAsync(sha, "Checks", cancellation), "detail")}.");
        }

        await SendAsync(control, HttpMethod.Post, $"repositories/{SwitchSamples.Source}/checks", new JsonObject { ["sha"] = sha, ["name"] = "lint", ["conclusion"] = "success" }, cancellation);
        run.Printer.Say("The check is green.");
        JsonNode? trace = null;
        await UntilAsync(
            async () =>
            {
                var listed = (await world.Api.ListAsync("api/v1/dispatches", [], 10, cancellation)).Items;
                trace = listed.Count == 0 ? null : await world.Api.GetAsync("api/v1/dispatches/" + Members.At(listed[0], "id"), cancellation);
                return Members.At(trace, "dispatch.run.conclusion") is not null && Members.At(trace?["reports"]?[0], "checkRunId") is not null;
            },
            IsOver,
            cancellation);
        return Describe(trace, sha);
    }

    /// <summary>The steps of the trace, a word or two each.</summary>
    public static IEnumerable<string> Steps(JsonObject trace) => trace.Where(step => step.Key != "conclusion").Select(step => $"{step.Key} {step.Value}");

    private static JsonObject Describe(JsonNode? trace, string sha) => new()
    {
        ["delivery"] = Members.At(trace, "signal.deliveryGuid"),
        ["signal"] = $"{Members.At(trace, "signal.kind")} {sha[..7]}",
        ["evaluation"] = $"{Members.At(trace, "dispatch.rule")} {Members.At(trace, "signal.evaluationResult")}",
        ["dispatch"] = $"{Members.At(trace, "dispatch.target")} {Members.At(trace, "dispatch.workflow")} {Members.At(trace, "dispatch.state")}",
        ["run"] = $"{Members.At(trace, "dispatch.run.htmlUrl")} {Members.At(trace, "dispatch.run.status")} {Members.At(trace, "dispatch.run.conclusion")}",
        ["check"] = $"{Members.At(trace?["reports"]?[0], "name")} on {Members.At(trace?["reports"]?[0], "repository")}",
        ["conclusion"] = Members.At(trace, "dispatch.run.conclusion"),
    };

    private async Task<JsonNode?> PendingAsync(string sha, string state, CancellationToken cancellation) =>
        (await world.Api.ListAsync("api/v1/pendings", [new("state", state)], 10, cancellation)).Items.FirstOrDefault(item => (item["sources"] as JsonArray ?? []).Any(source => Members.At(source, "sha") == sha));

    private async Task<bool> UntilAsync(Func<Task<bool>> isSo, Func<bool> isOver, CancellationToken cancellation)
    {
        while (!await isSo())
        {
            if (isOver())
            {
                return false;
            }

            await Task.Delay(Pause, run.Terminal.Time, cancellation);
        }

        return true;
    }

    private static async Task<JsonNode?> SendAsync(HttpClient control, HttpMethod method, string path, JsonObject body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await control.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)
            : throw new CommandProblem(ExitCode.OtherSideFailed, "DemoRefused", $"The simulated GitHub answered {(int)answer.StatusCode} to {method} {path}: {text}");
    }
}
