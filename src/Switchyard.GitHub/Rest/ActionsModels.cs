using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace Switchyard.GitHub.Rest;

/// <summary>
/// What GitHub told of a run when it took a workflow_dispatch. All null when it told nothing (204): github.com before
/// 2026-02, GitHub Enterprise Server up to 3.20.
/// </summary>
public sealed record StartedRun(
    [property: JsonPropertyName("workflow_run_id")] long? RunId,
    [property: JsonPropertyName("run_url")] string? ApiUrl,
    string? HtmlUrl)
{
    /// <summary>Taken, and nothing said about the run.</summary>
    public static StartedRun Unknown { get; } = new(null, null, null);
}

/// <summary>A workflow. <c>Path</c>: its file on the default branch; <c>State</c>: active, disabled_manually, disabled_inactivity, disabled_fork, deleted.</summary>
public sealed record Workflow(long Id, string? Name, string? Path, string? State, string? HtmlUrl);

/// <summary>
/// A workflow run, with GitHub's words for <c>Status</c> (queued, in_progress, completed, waiting, requested, pending) and
/// <c>Conclusion</c> (success, failure, cancelled, skipped, neutral, timed_out, action_required, stale, startup_failure, or
/// null). GitHub's run holds neither payload nor inputs. <c>Path</c> may have <c>@ref</c> behind it.
/// </summary>
public sealed record WorkflowRun(
    long Id,
    string? Name,
    string? DisplayTitle,
    string? Path,
    string? Event,
    string? Status,
    string? Conclusion,
    string? HeadSha,
    string? HeadBranch,
    int RunAttempt,
    int RunNumber,
    long WorkflowId,
    string? HtmlUrl,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? RunStartedAt,
    DateTimeOffset? UpdatedAt,
    [property: JsonPropertyName("actor"), JsonConverter(typeof(LoginOfAccount))] string? ActorLogin,
    [property: JsonConverter(typeof(LoginOfAccount))] string? TriggeringActor)
{
    /// <summary>Whether it has ended. A re-run makes it begin again, as the next attempt of the same run.</summary>
    [JsonIgnore]
    public bool IsCompleted => Status == "completed";
}

/// <summary>A job of a run, of its latest attempt.</summary>
public sealed record WorkflowJob(
    long Id,
    string? Name,
    string? Status,
    string? Conclusion,
    int RunAttempt,
    string? HtmlUrl,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt);

/// <summary>Which runs are wanted. What is null does not narrow. A search that narrows gives at most 1,000 runs: narrow it by <c>HeadSha</c> or <c>CreatedSince</c>.</summary>
public sealed record RunQuery
{
    /// <summary>Id of a workflow, or the name of its file.</summary>
    public string? Workflow { get; init; }

    /// <summary>What started it, such as <c>workflow_dispatch</c>.</summary>
    public string? Event { get; init; }

    /// <summary>The branch of the head, without <c>refs/heads/</c>.</summary>
    public string? Branch { get; init; }

    /// <summary>The login of who started it; an App's is <c>slug[bot]</c>.</summary>
    public string? Actor { get; init; }

    /// <summary>A status or a conclusion, in GitHub's words.</summary>
    public string? Status { get; init; }

    /// <summary>Created at this moment or later, by GitHub's clock, in whole seconds.</summary>
    public DateTimeOffset? CreatedSince { get; init; }

    public string? HeadSha { get; init; }

    /// <summary>The most that are given; more pages are not asked for. Default 1,000.</summary>
    public int Limit { get; init; } = 1000;

    internal string ToQuery()
    {
        var query = new StringBuilder($"?per_page={Math.Clamp(Limit, 1, 100)}&exclude_pull_requests=true");
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        Add("event", Event);
        Add("branch", Branch);
        Add("actor", Actor);
        Add("status", Status);
        Add("created", CreatedSince is { } since ? ">=" + since.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : null);
        Add("head_sha", HeadSha);
        return query.ToString();
    }
}
