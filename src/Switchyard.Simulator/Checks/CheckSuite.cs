using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>The check runs of one App on one commit; of GitHub Actions there is one for each workflow run.</summary>
internal sealed class CheckSuite
{
    public required long Id { get; init; }

    public required Repository Repository { get; init; }

    public required App App { get; init; }

    public required GitCommit Head { get; init; }

    /// <summary>Null for the commit of a fork.</summary>
    public string? HeadBranch { get; init; }

    public string? Before { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public List<CheckRun> Runs { get; } = [];

    /// <summary>Of a workflow run's suite: what the run says. Otherwise null, and the check runs decide.</summary>
    public string? OwnStatus { get; set; }

    public string? OwnConclusion { get; set; }

    public string HeadSha => Head.Sha;

    /// <summary>The newest of each name.</summary>
    public IReadOnlyList<CheckRun> Latest => [.. Runs.GroupBy(run => run.Name, StringComparer.Ordinal).Select(same => same.MaxBy(run => run.Id)!)];

    /// <summary>Without check runs it is queued for ever.</summary>
    public string Status => OwnStatus ?? Latest switch
    {
        [] => "queued",
        var runs when runs.All(run => run.Status == "completed") => "completed",
        var runs when runs.All(run => run.Status == "queued") => "queued",
        _ => "in_progress",
    };

    public string? Conclusion => Status != "completed" ? null : OwnConclusion ?? Conclusions.Worst(Latest.Select(run => run.Conclusion));
}

/// <summary>One check run. Its number is also that of the job, where GitHub Actions made it.</summary>
internal sealed class CheckRun
{
    public required long Id { get; init; }

    public required CheckSuite Suite { get; init; }

    public required string Name { get; set; }

    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    public string? ExternalId { get; set; }

    public string? DetailsUrl { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public CheckOutput Output { get; set; } = new(null, null, null);

    public List<CheckAnnotation> Annotations { get; } = [];

    public List<CheckAction> Actions { get; } = [];

    public App App => Suite.App;
}

internal sealed record CheckOutput(string? Title, string? Summary, string? Text);

internal sealed record CheckAnnotation(string Path, int StartLine, int EndLine, string Level, string Message, string? Title);

internal sealed record CheckAction(string Label, string Description, string Identifier);

/// <summary>The words of GitHub for how things end.</summary>
internal static class Conclusions
{
    private static readonly string[] WorstFirst =
        ["startup_failure", "failure", "timed_out", "action_required", "cancelled", "stale", "success", "neutral", "skipped"];

    public static IReadOnlyList<string> All => WorstFirst;

    public static string? Worst(IEnumerable<string?> conclusions) =>
        conclusions.OfType<string>().MinBy(conclusion => Array.IndexOf(WorstFirst, conclusion));

    public static bool IsBad(string? conclusion) => conclusion is "startup_failure" or "failure" or "timed_out" or "cancelled" or "action_required";

    /// <exception cref="ArgumentException">GitHub has no such word.</exception>
    public static string Known(string conclusion) => WorstFirst.Contains(conclusion)
        ? conclusion
        : throw new ArgumentException($"'{conclusion}' is no conclusion: write {string.Join(", ", WorstFirst)}.");
}
