using System.Globalization;

namespace Switchyard.Server.Panel;

/// <summary>Amounts as people read them. <c>web/scripts/times.ts</c> says the same words.</summary>
internal static class Words
{
    public static string Ago(TimeSpan span) => span < TimeSpan.Zero ? "in " + Amount(-span) : span < TimeSpan.FromSeconds(5) ? "now" : Amount(span) + " ago";

    /// <summary>How long something took: "340 ms", "12.4 s", "1m 12s", "3h 5m".</summary>
    public static string Took(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => Invariant($"{span.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => Invariant($"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => Invariant($"{span.Minutes}m {span.Seconds}s"),
        _ => Invariant($"{(int)span.TotalHours}h {span.Minutes}m"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => Invariant($"{bytes} B"),
        < 1024 * 1024 => Invariant($"{bytes / 1024.0:0.#} KB"),
        < 1024L * 1024 * 1024 => Invariant($"{bytes / 1024.0 / 1024:0.#} MB"),
        _ => Invariant($"{bytes / 1024.0 / 1024 / 1024:0.#} GB"),
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 model", "3 models".</summary>
    public static string Count(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>A name of the API as people read it: "webhook_secret_previous" is "webhook secret previous".</summary>
    public static string Humanize(string name) => name.Replace('_', ' ');

    public static string Sha(string? sha) => sha is { Length: > 7 } ? sha[..7] : sha ?? "";

    /// <summary>The address, where it is one that may be a link: other schemes run what they hold.</summary>
    public static string? WebLink(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("https" or "http") ? url : null;

    /// <summary><c>main</c> of <c>refs/heads/main</c>.</summary>
    public static string? Ref(string? reference) =>
        reference is null ? null
        : reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference["refs/heads/".Length..]
        : reference.StartsWith("refs/tags/", StringComparison.Ordinal) ? reference["refs/tags/".Length..]
        : reference;

    private static string Amount(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => Invariant($"{(int)span.TotalDays} d"),
        { TotalHours: >= 1 } => Invariant($"{(int)span.TotalHours} h"),
        { TotalMinutes: >= 1 } => Invariant($"{(int)span.TotalMinutes} min"),
        _ => Invariant($"{(int)span.TotalSeconds} s"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
