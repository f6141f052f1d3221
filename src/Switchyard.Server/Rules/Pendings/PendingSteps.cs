using System.Globalization;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>What became of what has matched, step by step, for people: what went in, how long it was quiet, what the gate said, how it ended.</summary>
internal static class PendingSteps
{
    private const int MostNamed = 3;

    public static IReadOnlyList<string> Of(PendingFacts pending, IReadOnlyList<PendingSource> sources)
    {
        string?[] steps = [Signals(pending, sources), Quiet(pending), Checks(pending), End(pending)];
        return [.. steps.OfType<string>()];
    }

    private static string? Signals(PendingFacts pending, IReadOnlyList<PendingSource> sources)
    {
        var signals = sources.Sum(source => source.Signals);
        if (signals < 2)
        {
            return null;
        }

        var commits = sources.Where(source => source.Sha.Length > 0).Select(source => $"{source.RepositoryName}@{source.Sha[..Math.Min(7, source.Sha.Length)]}").ToList();
        var last = commits switch
        {
            [] => "The last of them counts.",
            [var only] => $"{only}, the last of them, stands for all.",
            _ => $"The last of each branch stand for all: {string.Join(", ", commits.TakeLast(MostNamed))}{(commits.Count > MostNamed ? $" and {commits.Count - MostNamed} more" : "")}.",
        };
        return $"{signals} signals went in, from {Time(pending.FirstAt)} to {Time(pending.LastAt)}. {last}";
    }

    private static string? Quiet(PendingFacts pending) =>
        pending.QuietUntil <= pending.LastAt ? null
        : pending.NowAt is { } now ? $"It was to be quiet until {Time(pending.QuietUntil)}; {pending.NowBy} ended that at {Time(now)}."
        : pending.State == PendingState.Quiet ? $"It is to be quiet until {Time(pending.QuietUntil)}."
        : (pending.ChecksSince ?? pending.EndedAt) >= pending.QuietUntil ? $"It was quiet from {Time(pending.LastAt)} to {Time(pending.QuietUntil)}."
        : null;

    private static string? Checks(PendingFacts pending) => pending switch
    {
        { ChecksSince: null } => null,
        { State: PendingState.Checks } => $"It waits for checks since {Time(pending.ChecksSince.Value)}. {Sentence(pending.Detail)}",
        { State: PendingState.Released } => $"Checks were waited for from {Time(pending.ChecksSince.Value)} to {Time(pending.EndedAt!.Value)}. {Sentence(pending.Detail)}",
        _ => $"Checks were waited for since {Time(pending.ChecksSince.Value)}.",
    };

    private static string? End(PendingFacts pending) => pending.EndedAt is not { } ended ? null : pending.State switch
    {
        PendingState.Released => $"It went on at {Time(ended)}.",
        PendingState.ChecksFailed => $"It ended at {Time(ended)}: the checks did not pass. {Sentence(pending.Detail)}",
        PendingState.TimedOut => $"It ended at {Time(ended)}: the checks took too long. {Sentence(pending.Detail)}",
        _ => $"It was cancelled at {Time(ended)}. {Sentence(pending.Detail)}",
    };

    private static string? Sentence(string? detail) => detail is { Length: > 0 } ? detail.TrimEnd('.') + "." : null;

    private static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "Z";
}
