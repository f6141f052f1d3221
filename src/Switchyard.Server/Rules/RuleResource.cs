using System.Globalization;
using Switchyard.Rules;
using Switchyard.Server.Rules.Sources;

namespace Switchyard.Server.Rules;

/// <summary>What a person gives to start a rule by hand.</summary>
/// <param name="Repository">For which it is started, where it is started for one.</param>
/// <param name="Inputs">What the rule asks for.</param>
/// <param name="DryRun">Only says whether it would be started.</param>
internal sealed record Start(string? Repository, IReadOnlyDictionary<string, string>? Inputs, bool? DryRun);

/// <summary>The Signal that a start by hand has made.</summary>
internal sealed record Started(string SignalId);

/// <summary>What came of a rule's Dispatches in the last seven days (of the newest 20,000 of all rules at most); <c>Open</c> are those whose end is not known.</summary>
public sealed record RuleWeek(long Succeeded, long Failed, long Open);

/// <summary>What a rule takes that a person may start.</summary>
public sealed record RuleStart(IReadOnlyList<string> Inputs, IReadOnlyList<string> Repositories);

/// <summary>A rule as the API shows it: in the words of its file, and as a sentence.</summary>
public sealed record RuleResource(
    string Id, string Name, string Provider, string Source, string SourceId, string Kind, bool Enabled, IReadOnlyList<string> On, IReadOnlyList<string> Repositories, string? Checks, string? Quiet,
    IReadOnlyList<string> Starts, bool Reports, string Revision, int Line, DateTimeOffset? NextFireAt, DateTimeOffset? LastMatchedAt, string Text,
    string? GithubUrl, RuleStart? Manual, string? LastDispatchId, DateTimeOffset? LastDispatchedAt, RuleWeek Week, IReadOnlyList<string> When)
{
    internal static RuleResource Of(BookRule rule, RuleSource source, RuleRevision revision, RuleTimes times) => new(
        rule.Id.ToString(CultureInfo.InvariantCulture),
        rule.Rule.Name,
        source.Provider,
        source.Name,
        source.Id.ToString(CultureInfo.InvariantCulture),
        source.Kind,
        rule.Enabled,
        [.. rule.Rule.On.Select(trigger => trigger.Kind).Distinct()],
        [.. rule.Rule.On.SelectMany(trigger => trigger.Repositories.Patterns).Distinct(StringComparer.OrdinalIgnoreCase)],
        rule.Rule.Checks is { } gate ? Describe(gate) : null,
        rule.Rule.Quiet.For > TimeSpan.Zero ? Describe(rule.Rule.Quiet) : null,
        [.. rule.Rule.Do.Select(Describe)],
        rule.Rule.Report == Report.Check,
        revision.Number.ToString(CultureInfo.InvariantCulture),
        rule.Rule.Line,
        Time(times.NextFireAt),
        Time(times.LastMatchedAt),
        TextOf(rule.Rule, revision.Text),
        source.GithubUrl(revision.CommitSha, rule.Rule.Line),
        rule.Rule.On.OfType<ManualTrigger>().ToList() is [var manual, ..] all ? new RuleStart(manual.Inputs, [.. all.SelectMany(one => one.Repositories.Patterns).Distinct(StringComparer.OrdinalIgnoreCase)]) : null,
        times.LastDispatchId?.ToString(CultureInfo.InvariantCulture),
        Time(times.LastDispatchedAt),
        new RuleWeek(times.Succeeded, times.Failed, times.Total - times.Succeeded - times.Failed),
        [.. rule.Rule.On.Select(RuleSentence.Of)]);

    internal static string Describe(RuleAction action) => action switch
    {
        WorkflowAction workflow => $"workflow {workflow.File} in {workflow.Repository}{(workflow.Ref is { } reference ? "@" + reference : "")}",
        DispatchAction dispatch => $"event {dispatch.EventType} in {dispatch.Repository}",
        JobAction job => $"job {job.File} in {job.Registry}",
        _ => action.Kind,
    };

    internal static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private static string Describe(CheckGate gate) =>
        $"{(gate.Require == GateRequirement.Success ? "success" : "completed")} of {(gate.Names.Count == 0 ? "all checks" : string.Join(", ", gate.Names))}, settled for {Span(gate.Settle)}, within {Span(gate.Timeout)}";

    private static string Describe(Quiet quiet) =>
        $"for {Span(quiet.For)}, at most {Span(quiet.Max)}, {(quiet.Keep == Keep.All ? "all of them" : "the latest")}{(quiet.Key is { } key ? $", together by {key}" : "")}";

    private static string Span(TimeSpan span) =>
        span.TotalSeconds < 60 || span.Seconds != 0 ? $"{span.TotalSeconds:0}s" : span.Minutes != 0 ? $"{span.TotalMinutes:0}m" : $"{span.TotalHours:0}h";

    /// <summary>The lines of the rule: from its own to the next one on the same level.</summary>
    private static string TextOf(Rule rule, string file)
    {
        var lines = file.ReplaceLineEndings("\n").Split('\n');
        if (rule.Line < 1 || rule.Line > lines.Length)
        {
            return "";
        }

        var first = lines[rule.Line - 1];
        var indent = first.Length - first.TrimStart().Length;
        var body = lines.Skip(rule.Line).TakeWhile(line => line.Trim().Length == 0 || line.Length - line.TrimStart().Length > indent);
        return string.Join('\n', [first[indent..], .. body.Select(line => line.Length > indent ? line[indent..] : "")]).TrimEnd() + "\n";
    }
}
