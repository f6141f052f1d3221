using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>What starts a run.</summary>
internal sealed record RunStart(Repository Repository, Workflow Workflow, WorkflowFile File, string Event, Account Actor)
{
    public required GitCommit Head { get; init; }

    public required string Branch { get; init; }

    /// <summary>The full ref, <c>github.ref</c>.</summary>
    public required string Ref { get; init; }

    /// <summary>The default title; <c>run-name</c> wins over it.</summary>
    public required string Title { get; init; }

    /// <summary>The payload of the event, <c>github.event</c>.</summary>
    public JsonObject Payload { get; init; } = [];

    public JsonObject Inputs { get; init; } = [];

    /// <summary>Another one when a fork's pull request started it.</summary>
    public Repository? HeadRepository { get; init; }
}

/// <summary>A workflow run with all its attempts.</summary>
internal sealed class WorkflowRun
{
    public required long Id { get; init; }

    public required RunStart Start { get; init; }

    public required int Number { get; init; }

    public required string Title { get; init; }

    public required CheckSuite Suite { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of its concurrency group, placeholders filled.</summary>
    public string? Group { get; init; }

    /// <summary>Lists leave it out before (<c>runs.listLag</c>).</summary>
    public DateTimeOffset ListedFrom { get; init; }

    /// <summary>What was decided for this run alone.</summary>
    public RunPlan? Plan { get; set; }

    public int Attempt { get; set; } = 1;

    public required Account TriggeringActor { get; set; }

    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Of all attempts; the last ones of each name are the current.</summary>
    public List<Job> Jobs { get; } = [];

    public Repository Repository => Start.Repository;

    public Workflow Workflow => Start.Workflow;

    public bool Over => Status == "completed";
}

/// <summary>A job is a check run of GitHub Actions.</summary>
internal sealed record Job(CheckRun Check, JobDefinition Definition, int Attempt);
