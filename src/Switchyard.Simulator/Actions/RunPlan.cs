using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>How runs go: how long they wait and work, how they end, or that each step waits for the control API.</summary>
internal sealed record RunPlan
{
    public double SecondsQueued { get; init; }

    public double SecondsRunning { get; init; }

    public string Conclusion { get; init; } = "success";

    public bool Manual { get; init; }

    /// <summary>Conclusions of single jobs, by name or id; the run fails when one fails.</summary>
    public ImmutableDictionary<string, string> Jobs { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Members that <paramref name="body"/> does not have stay.</summary>
    /// <exception cref="ArgumentException">A member is unknown or has no meaning.</exception>
    public RunPlan With(JsonObject body)
    {
        string[] known = ["workflow", "secondsQueued", "secondsRunning", "conclusion", "manual", "jobs"];
        return body.Select(pair => pair.Key).FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new ArgumentException($"A plan has no member '{unknown}': write {string.Join(", ", known)}.")
            : this with
            {
                SecondsQueued = Seconds(body, "secondsQueued") ?? SecondsQueued,
                SecondsRunning = Seconds(body, "secondsRunning") ?? SecondsRunning,
                Conclusion = body["conclusion"] is { } conclusion ? Conclusions.Known(conclusion.ToString()) : Conclusion,
                Manual = body["manual"]?.GetValue<bool>() ?? Manual,
                Jobs = body["jobs"] is JsonObject jobs ? jobs.ToImmutableDictionary(pair => pair.Key, pair => Conclusions.Known(pair.Value!.ToString()), StringComparer.Ordinal) : Jobs,
            };
    }

    private static double? Seconds(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var seconds) && seconds >= 0 => seconds,
        _ => throw new ArgumentException($"'{name}' is a number of seconds, 0 or more."),
    };

    public string ConclusionOf(JobDefinition job) =>
        Jobs.GetValueOrDefault(job.Name) ?? Jobs.GetValueOrDefault(job.Id) ?? (Conclusion is "startup_failure" or "stale" ? "cancelled" : Conclusion);

    public JsonObject ToJson() => new()
    {
        ["secondsQueued"] = SecondsQueued,
        ["secondsRunning"] = SecondsRunning,
        ["conclusion"] = Conclusion,
        ["manual"] = Manual,
        ["jobs"] = Wire.Map(Jobs),
    };
}

/// <summary>The plans in force: of a run, else of its workflow, else of its repository, else of all.</summary>
internal sealed class RunPlans(World world)
{
    private readonly ConcurrentDictionary<(long Repository, string Workflow), RunPlan> particular = new();

    /// <summary>A fifth of the time that a run is to take is spent in the queue.</summary>
    public RunPlan Default { get; set; } = new() { SecondsQueued = world.Options.RunSeconds / 5, SecondsRunning = world.Options.RunSeconds * 4 / 5 };

    /// <param name="workflow">A file name; null stands for all workflows of the repository.</param>
    public RunPlan Set(Repository repository, string? workflow, JsonObject body) =>
        particular[(repository.Id, workflow ?? "")] = Of(repository, workflow ?? "").With(body);

    public void Clear(Repository repository)
    {
        foreach (var key in particular.Keys.Where(key => key.Repository == repository.Id))
        {
            particular.TryRemove(key, out _);
        }
    }

    public RunPlan Of(WorkflowRun run)
    {
        var plan = run.Plan ?? Of(run.Repository, run.Workflow.FileName);
        return world.Faults.Find("runs.slow") is { } slow && slow.Concerns(run.Repository)
            ? plan with { SecondsRunning = plan.SecondsRunning + slow.Number("seconds", 600) }
            : plan;
    }

    /// <summary>The plan at the end of a run, where the switch <c>checks.conclusion</c> may have the last word; it draws once.</summary>
    public RunPlan AtEnd(WorkflowRun run) =>
        world.Faults.Find("checks.conclusion") is { } forced && forced.Concerns(run.Repository) && forced.Happens()
            ? Of(run) with { Conclusion = forced.Text("conclusion") ?? "failure", Jobs = ImmutableDictionary<string, string>.Empty }
            : Of(run);

    /// <summary>Whether the run never gets to its jobs.</summary>
    public bool FailsAtStart(WorkflowRun run) =>
        !run.Start.File.Valid
        || Of(run).Conclusion == "startup_failure"
        || (world.Faults.Find("checks.conclusion") is { } forced && forced.Text("conclusion") == "startup_failure" && forced.Concerns(run.Repository) && forced.Happens());

    private RunPlan Of(Repository repository, string workflow) =>
        particular.GetValueOrDefault((repository.Id, workflow)) ?? particular.GetValueOrDefault((repository.Id, "")) ?? Default;
}
