using Switchyard.GitHub.Rest;

namespace Switchyard.GitHub.Webhooks;

/// <summary>A check run began, ended, or is to run again. For a fork <c>HeadBranch</c> is null: find pull requests by the SHA.</summary>
public sealed record CheckRunEvent : RepositoryEvent
{
    /// <summary>Null when the payload holds none with an id.</summary>
    public CheckRun? CheckRun { get; init; }

    public string? HeadBranch { get; init; }

    /// <summary>The button of a <c>requested_action</c>.</summary>
    public string? RequestedAction { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static CheckRunEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new CheckRunEvent
    {
        CheckRun = Run(root.Of("check_run")),
        HeadBranch = root.Of("check_run").Of("check_suite").Text("head_branch"),
        RequestedAction = root.Of("requested_action").Text("identifier"),
    });

    internal static CheckApp? App(Facts app) => app.Number("id") is { } id ? new CheckApp(id, app.Text("slug"), app.Text("name")) : null;

    private static CheckRun? Run(Facts run) => run.Number("id") is { } id
        ? new CheckRun(
            id,
            run.Text("name"),
            run.Text("head_sha"),
            run.Text("status"),
            run.Text("conclusion"),
            run.Text("external_id"),
            run.Text("details_url"),
            run.Text("html_url"),
            run.Time("started_at"),
            run.Time("completed_at"),
            App(run.Of("app")),
            run.Of("check_suite").Number("id") is { } suite ? new CheckSuiteId(suite) : null)
        : null;
}

/// <summary>A check suite ended, or is asked for.</summary>
public sealed record CheckSuiteEvent : RepositoryEvent
{
    /// <summary>Null when the payload holds none with an id.</summary>
    public CheckSuite? CheckSuite { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static CheckSuiteEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new CheckSuiteEvent { CheckSuite = Suite(root.Of("check_suite")) });

    private static CheckSuite? Suite(Facts suite) => suite.Number("id") is { } id
        ? new CheckSuite(
            id,
            suite.Text("head_sha"),
            suite.Text("head_branch"),
            suite.Text("status"),
            suite.Text("conclusion"),
            suite.Number("latest_check_runs_count") ?? 0,
            suite.Time("created_at"),
            suite.Time("updated_at"),
            CheckRunEvent.App(suite.Of("app")))
        : null;
}

/// <summary>A commit status was set.</summary>
public sealed record StatusEvent : RepositoryEvent
{
    public long? StatusId { get; init; }

    public string? Sha { get; init; }

    public string? Context { get; init; }

    /// <summary>error, failure, pending, success.</summary>
    public string? State { get; init; }

    public string? Description { get; init; }

    public string? TargetUrl { get; init; }

    /// <summary>At most ten branches that hold the commit.</summary>
    public IReadOnlyList<string> Branches { get; init; } = [];

    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Null when the payload is no JSON object.</summary>
    public static StatusEvent? Read(ReadOnlyMemory<byte> json) => Facts.Read(json, root => new StatusEvent
    {
        StatusId = root.Number("id"),
        Sha = root.Text("sha"),
        Context = root.Text("context"),
        State = root.Text("state"),
        Description = root.Text("description"),
        TargetUrl = root.Text("target_url"),
        Branches = root.List("branches", branch => branch.Text("name")),
        UpdatedAt = root.Time("updated_at"),
    });
}
