using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;

namespace Switchyard.Simulator.Actions;

/// <summary>
/// The life of runs: queued, in progress, completed, at the speed of their plan. A concurrency group has one run at work and one that
/// is pending; a newer one cancels the pending (docs: workflow syntax, concurrency). All under <see cref="World.Acts"/>.
/// </summary>
internal sealed class RunEngine(World world)
{
    private readonly RunEvents events = new(world);

    /// <summary>Makes a run and sets it going; with a plan that takes no time it is over on return.</summary>
    public WorkflowRun Start(RunStart start)
    {
        lock (world.Acts)
        {
            var run = Make(start);
            world.Runs.Add(run);
            Effect(run);
            events.Run(run, "requested");
            if (run.Group is { } group)
            {
                var others = world.Runs.Active(run.Repository, group).Where(other => other != run).ToArray();
                var replaces = start.File.Concurrency?.CancelInProgress == true;
                // The pending ones first: the end of the one at work would set them going.
                foreach (var other in others.Where(other => replaces || other.Status == "pending").OrderBy(other => other.Status != "pending").ToArray())
                {
                    Cancel(other);
                }

                if (others.Any(other => !other.Over))
                {
                    SetStatus(run, "pending");
                    return run;
                }
            }

            Queue(run);
            return run;
        }
    }

    /// <summary>One step on: pending or queued to in progress, in progress to completed.</summary>
    public void Advance(WorkflowRun run)
    {
        lock (world.Acts)
        {
            switch (run.Status)
            {
                case "queued":
                    Begin(run);
                    break;
                case "in_progress":
                    Finish(run, world.Plans.AtEnd(run));
                    break;
                default:
                    throw new ArgumentException($"The run {run.Id} is {run.Status}: there is no step on.");
            }
        }
    }

    /// <summary>To the end, with a conclusion for the run or for single jobs.</summary>
    public void Finish(WorkflowRun run, JsonObject plan)
    {
        lock (world.Acts)
        {
            if (run.Over)
            {
                throw new ArgumentException($"The run {run.Id} is completed already.");
            }

            if (run.Status != "in_progress")
            {
                Begin(run, andGoOn: false);
            }

            Finish(run, world.Plans.Of(run).With(plan));
        }
    }

    public void Cancel(WorkflowRun run)
    {
        lock (world.Acts)
        {
            if (!run.Over)
            {
                Finish(run, new RunPlan { Conclusion = "cancelled" });
            }
        }
    }

    /// <summary>Another attempt of a completed run: of all jobs, or of those that did not succeed.</summary>
    public void Rerun(WorkflowRun run, Account actor, bool onlyFailed)
    {
        lock (world.Acts)
        {
            if (!run.Over)
            {
                throw new ArgumentException($"The run {run.Id} is {run.Status}: only a completed one is run again.");
            }

            var again = run.Jobs.Where(job => job.Attempt == run.Attempt && (!onlyFailed || Conclusions.IsBad(job.Check.Conclusion))).Select(job => job.Definition).ToArray();
            run.Attempt++;
            run.TriggeringActor = actor;
            run.Conclusion = null;
            SetStatus(run, "queued");
            run.StartedAt = world.Clock.Now;
            Effect(run);
            events.Run(run, "requested");
            Queue(run, again.Length > 0 ? again : null);
        }
    }

    private WorkflowRun Make(RunStart start)
    {
        var now = world.Clock.Now;
        var id = world.NextId();
        start.Workflow.LastRun++;
        var contexts = RunContexts.Of(start, id);
        var named = start.File.RunName is { } text ? Placeholders.Fill(text, contexts).Trim() : "";
        var forced = world.Faults.Find("runs.cancelPending") is { } one && one.Concerns(start.Repository);
        // Reads of a fork's commit: the suite knows no branch of this repository.
        var branch = start.HeadRepository is null ? start.Branch : null;
        return new WorkflowRun
        {
            Id = id,
            Start = start,
            Number = start.Workflow.LastRun,
            Title = named.Length > 0 ? named : start.Title,
            Group = forced ? start.Workflow.Path : start.File.Concurrency is { } concurrency ? Placeholders.Fill(concurrency.Group, contexts) : null,
            Suite = world.Checks.Suite(start.Repository, world.Apps.Outside("github-actions"), start.Head, branch, always: true),
            CreatedAt = now,
            StartedAt = now,
            UpdatedAt = now,
            TriggeringActor = start.Actor,
            ListedFrom = world.Options.Time.GetUtcNow().AddMilliseconds(world.Faults.Find("runs.listLag")?.Number("ms", 5000) ?? 0),
        };
    }

    private void Queue(WorkflowRun run, IReadOnlyList<JobDefinition>? again = null)
    {
        SetStatus(run, "queued");
        var plan = world.Plans.Of(run);
        if (world.Plans.FailsAtStart(run))
        {
            // A file that GitHub cannot read never gets to its jobs.
            Finish(run, plan with { Conclusion = "startup_failure" });
            return;
        }

        foreach (var definition in again ?? run.Start.File.Jobs)
        {
            var check = world.Checks.Add(run.Suite, definition.Name, run.TriggeringActor);
            var job = new Job(check, definition, run.Attempt);
            run.Jobs.Add(job);
            events.Job(run, job, "queued");
        }

        Then(run, plan, plan.SecondsQueued, () => Begin(run));
    }

    private void Begin(WorkflowRun run, bool andGoOn = true)
    {
        SetStatus(run, "in_progress");
        run.StartedAt = world.Clock.Now;
        events.Run(run, "in_progress");
        foreach (var job in Current(run))
        {
            world.Checks.Update(job.Check, run.TriggeringActor, check =>
            {
                check.Status = "in_progress";
                check.StartedAt = world.Clock.Now;
            });
            events.Job(run, job, "in_progress");
        }

        if (andGoOn)
        {
            var plan = world.Plans.Of(run);
            Then(run, plan, plan.SecondsRunning, () => Finish(run, world.Plans.AtEnd(run)));
        }
    }

    private void Finish(WorkflowRun run, RunPlan plan)
    {
        foreach (var job in Current(run))
        {
            world.Checks.Update(job.Check, run.TriggeringActor, check =>
            {
                check.Status = "completed";
                check.Conclusion = plan.ConclusionOf(job.Definition);
                check.CompletedAt = world.Clock.Now;
            });
            events.Job(run, job, "completed");
        }

        run.Conclusion = plan.Jobs.IsEmpty || plan.Conclusion != "success" ? plan.Conclusion : Conclusions.Worst(Latest(run).Select(job => job.Check.Conclusion));
        SetStatus(run, "completed");
        world.Checks.Events.Suite(run.Suite, "completed", run.TriggeringActor);
        events.Run(run, "completed");
        if (run.Group is { } group && world.Runs.Active(run.Repository, group) is [{ Status: "pending" } next, ..])
        {
            Queue(next);
        }

        world.Loops.Completed(run);
    }

    private static Job[] Current(WorkflowRun run) => [.. run.Jobs.Where(job => job.Attempt == run.Attempt)];

    private static IEnumerable<Job> Latest(WorkflowRun run) => run.Jobs.GroupBy(job => job.Definition.Id, StringComparer.Ordinal).Select(same => same.Last());

    private void SetStatus(WorkflowRun run, string status)
    {
        run.Status = status;
        run.UpdatedAt = run.Suite.UpdatedAt = world.Clock.Now;
        run.Suite.OwnStatus = status;
        run.Suite.OwnConclusion = run.Conclusion;
    }

    /// <summary>The next step, at once or at its time; nothing when somebody else has moved the run meanwhile.</summary>
    private void Then(WorkflowRun run, RunPlan plan, double seconds, Action next)
    {
        var (status, attempt) = (run.Status, run.Attempt);
        if (plan.Manual)
        {
            return;
        }

        if (seconds <= 0)
        {
            next();
            return;
        }

        world.Agenda.At(world.Agenda.Now.AddSeconds(seconds), () =>
        {
            lock (world.Acts)
            {
                if (run.Status == status && run.Attempt == attempt)
                {
                    next();
                }
            }
        });
    }

    private void Effect(WorkflowRun run) => world.Effects.Add("run", run.Repository, new JsonObject
    {
        ["run"] = run.Id,
        ["attempt"] = run.Attempt,
        ["workflow"] = run.Workflow.FileName,
        ["event"] = run.Start.Event,
        ["sha"] = run.Start.Head.Sha,
        ["branch"] = run.Start.Branch,
        ["title"] = run.Title,
        ["actor"] = run.TriggeringActor.Login,
    });
}
