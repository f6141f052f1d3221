using System.Globalization;
using System.Text.RegularExpressions;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Explain;

/// <summary>What is to be explained, as people name it.</summary>
/// <param name="Dispatch">The number of a Dispatch.</param>
/// <param name="Signal">The number of a Signal.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Sha">The beginning of a commit in it.</param>
/// <param name="Pending">The number of something that waits, or waited: it is explained by its Signals.</param>
internal sealed partial record ExplainSubject(string? Dispatch = null, string? Signal = null, string? Repository = null, string? Sha = null, string? Pending = null)
{
    /// <summary><c>d-12</c> and <c>12</c> are Dispatches, <c>s-12</c> is a Signal, <c>p-12</c> a Pending, <c>owner/name@sha</c> a commit, <c>owner/name</c> what happened there last; null where it is none of them.</summary>
    public static ExplainSubject? Parse(string text)
    {
        var match = Form().Match(text);
        return !match.Success ? null
            : match.Groups["repository"] is { Success: true } repository ? new ExplainSubject(Repository: repository.Value, Sha: match.Groups["sha"] is { Success: true } sha ? sha.Value.ToLowerInvariant() : null)
            : match.Groups["kind"].Value == "s-" ? new ExplainSubject(Signal: match.Groups["number"].Value)
            : match.Groups["kind"].Value == "p-" ? new ExplainSubject(Pending: match.Groups["number"].Value)
            : new ExplainSubject(Dispatch: match.Groups["number"].Value);
    }

    public static ExplainSubject OfNumbers(long? dispatch, long? signal) =>
        new(dispatch?.ToString(CultureInfo.InvariantCulture), signal?.ToString(CultureInfo.InvariantCulture));

    public IEnumerable<KeyValuePair<string, string?>> Query => [new("dispatch", Dispatch), new("signal", Signal), new("repository", Repository), new("sha", Sha)];

    public static CommandProblem None(string? given) => CommandProblem.Usage(
        $"{(given is null ? "Say what is to be explained" : $"\"{given}\" is nothing that can be explained")}: a dispatch (d-12 or 12), a signal (s-12), what waits (p-12), or a commit as owner/name@sha.",
        new NextStep("What rules made of the last signals", Command: "switchyard rule history"));

    [GeneratedRegex(@"^((?<kind>[dsp]-)?(?<number>\d{1,18})|(?<repository>[A-Za-z0-9-]+/[A-Za-z0-9._-]+)(@(?<sha>[0-9A-Fa-f]{4,64}))?)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
