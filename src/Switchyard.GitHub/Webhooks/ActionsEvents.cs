using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub.Webhooks;

/// <summary>A workflow run was requested, began or ended.</summary>
public sealed record WorkflowRunEvent : RepositoryEvent
{
    /// <summary>Null when the payload holds none with an id.</summary>
    public WorkflowRun? Run { get; init; }

    /// <summary>The path of the workflow's file, such as <c>.github/workflows/build.yml</c>.</summary>
    public string? WorkflowPath { get; init; }

    public string? WorkflowName { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static WorkflowRunEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new WorkflowRunEvent
    {
        Run = RunOf(root.Of("workflow_run")),
        WorkflowPath = root.Of("workflow").Text("path") ?? root.Of("workflow_run").Text("path")?.Split('@')[0],
        WorkflowName = root.Of("workflow").Text("name") ?? root.Of("workflow_run").Text("name"),
    });

    private static WorkflowRun? RunOf(Facts run) => run.Number("id") is { } id
        ? new WorkflowRun(
            id,
            run.Text("name"),
            run.Text("display_title"),
            run.Text("path"),
            run.Text("event"),
            run.Text("status"),
            run.Text("conclusion"),
            run.Text("head_sha"),
            run.Text("head_branch"),
            Small(run.Number("run_attempt")),
            Small(run.Number("run_number")),
            run.Number("workflow_id") ?? 0,
            run.Text("html_url"),
            run.Time("created_at"),
            run.Time("run_started_at"),
            run.Time("updated_at"),
            run.Of("actor").Text("login"),
            run.Of("triggering_actor").Text("login"))
        : null;

    private static int Small(long? number) => number is > 0 and <= int.MaxValue ? (int)number : 0;
}

/// <summary>The echo of a repository_dispatch: GitHub has taken it. <see cref="RepositoryEvent.Action"/> is its event_type.</summary>
public sealed record RepositoryDispatchEvent : RepositoryEvent
{
    public string? Branch { get; init; }

    /// <summary>The client_payload's JSON as it came; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ClientPayload { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static RepositoryDispatchEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new RepositoryDispatchEvent
    {
        Branch = root.Text("branch"),
        ClientPayload = root.Of("client_payload").Bytes(),
    });
}

/// <summary>The echo of a workflow_dispatch: GitHub has taken it.</summary>
public sealed record WorkflowDispatchEvent : RepositoryEvent
{
    /// <summary>The path of the workflow's file.</summary>
    public string? Workflow { get; init; }

    /// <summary>The whole ref, such as <c>refs/heads/main</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>The inputs; numbers and truth values as they were written.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Null when the payload is no JSON object.</summary>
    public static WorkflowDispatchEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root =>
    {
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in root.Of("inputs").Members())
        {
            if (value.AsWritten() is { } text)
            {
                inputs[name] = text;
            }
        }

        return new WorkflowDispatchEvent { Workflow = root.Text("workflow"), Ref = root.Text("ref"), Inputs = inputs };
    });
}
