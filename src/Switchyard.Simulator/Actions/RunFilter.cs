using System.Globalization;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Actions;

/// <summary>The filters of run lists; <c>created</c> in GitHub's search syntax: <c>&gt;=</c>, <c>&gt;</c>, <c>&lt;=</c>, <c>&lt;</c>, <c>a..b</c> or a day.</summary>
internal sealed record RunFilter(string? Actor, string? Branch, string? Event, string? Status, string? HeadSha, string? Suite, string? Created)
{
    public bool IsEmpty => this == new RunFilter(null, null, null, null, null, null, null);

    public static RunFilter Of(Call call) =>
        new(call.Query("actor"), call.Query("branch"), call.Query("event"), call.Query("status"), call.Query("head_sha"), call.Query("check_suite_id"), call.Query("created"));

    public bool Fits(WorkflowRun run) =>
        (Actor is null || string.Equals(Actor, run.Start.Actor.Login, StringComparison.OrdinalIgnoreCase))
        && (Branch is null || Branch == run.Start.Branch)
        && (Event is null || Event == run.Start.Event)
        && (Status is null || Status == run.Status || Status == run.Conclusion)
        && (HeadSha is null || HeadSha == run.Start.Head.Sha)
        && (Suite is null || Suite == run.Suite.Id.ToString(CultureInfo.InvariantCulture))
        && (Created is null || InTime(Created, run.CreatedAt));

    private static bool InTime(string range, DateTimeOffset created)
    {
        // Times are shown in whole seconds, so they are compared in whole seconds.
        var at = DateTimeOffset.FromUnixTimeSeconds(created.ToUnixTimeSeconds());
        if (range.Split("..") is [var from, var to])
        {
            return (from == "*" || at >= Start(from)) && (to == "*" || at <= End(to));
        }

        return range switch
        {
            ['>', '=', .. var rest] => at >= Start(rest),
            ['<', '=', .. var rest] => at <= End(rest),
            ['>', .. var rest] => at > End(rest),
            ['<', .. var rest] => at < Start(rest),
            _ => at >= Start(range) && at <= End(range),
        };
    }

    private static DateTimeOffset Start(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new RefusedException(Answer.Invalid("Invalid created filter."));

    /// <summary>A day without a time of day lasts to its end.</summary>
    private static DateTimeOffset End(string text) => text.Contains('T', StringComparison.Ordinal) ? Start(text) : Start(text).AddDays(1).AddSeconds(-1);
}
