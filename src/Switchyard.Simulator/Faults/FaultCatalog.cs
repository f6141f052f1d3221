using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Faults;

/// <summary>A switch by name. Row 0 is outside the rows of GitHub's behaviours; an Action does something once, when it is set.</summary>
/// <param name="Arguments">Their names; a plus stands for those of switches that strike again and again.</param>
internal sealed record FaultSwitch(string Name, int Row, string Description, string Arguments = "", bool Action = false)
{
    public IReadOnlyList<string> Known { get; } = [.. Arguments.Replace("+", "rate every skip times", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <exception cref="ArgumentException">The switch does not know an argument; the message names those it knows.</exception>
    public void Check(JsonObject arguments)
    {
        if (arguments.Select(pair => pair.Key).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            throw new ArgumentException($"The switch {Name} has no argument '{unknown}'. "
                + (Known.Count == 0 ? "It takes none." : $"It takes {string.Join(", ", Known)}."));
        }
    }
}

/// <summary>Every switch there is. Those that strike repeatedly also take rate, every, skip and times.</summary>
internal static class FaultCatalog
{
    public static readonly IReadOnlyList<FaultSwitch> All =
    [
        new("deliveries.shuffle", 1, "Send in seeded random order within {window: 16} deliveries; tick sends the rest.", "window"),
        new("deliveries.delay", 2, "Hold each delivery for {min: 60, max: min} seconds, or until a tick; the log shows throttled_at.", "min max"),
        new("deliveries.drop", 3, "Never reaches the receiver, logged as timed out. {rate, every, event, logged: true}", "event logged +"),
        new("deliveries.cutAfter", 3, "Hang up after {seconds: 10}; 0 loses only the answer: the receiver took it, the log says timed out.", "seconds"),
        new("deliveries.logRetention", 4, "The delivery log goes back {days: 3}.", "days"),
        new("deliveries.manyAttempts", 5, "The log shows {count: 2} failed attempts before each one that is made.", "count"),
        new("jwt.expireMidWalk", 5, "A JWT counts as expired after {pages: 1} pages of the delivery log.", "pages"),
        new("deliveries.duplicate", 6, "Send {copies: 2} of a delivery with one GUID, at once with {concurrent: true}. {rate, every}", "copies concurrent +"),
        new("deliveries.redeliver", 6, "Redeliver {guid} now.", "guid", Action: true),
        new("deliveries.oversize", 7, "Payloads of {event: push} above {bytes: 0} are neither sent nor logged.", "event bytes"),
        new("push.suppress", 8, "No events for a push of at least {tags: 4} tags or {branches: 5001} branches.", "tags branches"),
        new("deliveries.unsigned", 9, "No signature headers; with {sha1Only: true} only the old one.", "sha1Only"),
        new("deliveries.badSignature", 9, "The SHA-256 signature is wrong in one bit."),
        new("deliveries.oldSecret", 9, "Sign with {secret}, or with the secret before the last change.", "secret"),
        new("deliveries.form", 10, "Send bodies as a form, payload=..."),
        new("deliveries.unknownEvent", 11, "Before each delivery one of an unknown event and action. {rate, every}", "+"),
        new("deliveries.sparse", 11, "Payloads without every field that is not an identity or the fact itself."),
        new("push.cap", 12, "A push lists at most {commits: 2048} commits and {files: 3000} files of each.", "commits files"),
        new("push.delete", 13, "Delete {branch} of {repository}.", "repository branch", Action: true),
        new("push.create", 13, "Create {branch} of {repository} from {from: default branch}.", "repository branch from", Action: true),
        new("push.force", 14, "Force {branch: default} of {repository} with {mode: rewind or diverge} by {commits: 1}.", "repository branch mode commits", Action: true),
        new("repo.oddNames", 15, "Create branches and tags with odd names in {repository}.", "repository branch", Action: true),
        new("push.tag", 15, "Create the tag {name: v1} in {repository}, with {annotated: true} as a tag object.", "repository branch name annotated", Action: true),
        new("loops.echo", 16, "A run of {repository} that ends pushes {path: echo.txt} to {branch} of {to: itself} as {app: the first, or github-actions}.", "repository to branch path app +"),
        new("api.compareCap", 17, "Comparisons and commits list at most {files: 300} files, without a word.", "files"),
        new("api.truncateTree", 18, "Recursive trees stop after {entries: half of them} with truncated: true.", "entries"),
        new("api.contentsLimits", 19, "Contents: {directory: 1000} entries, {inlineBytes: 1 MB} in full, {rawBytes: 100 MB} at all.", "directory inlineBytes rawBytes"),
        new("repo.lfs", 20, "LFS of {repository} answers with {mode: ok, quota or missing}.", "repository mode"),
        new("api.listCap", 21, "Lists end silently after {count: 1000} items.", "count"),
        new("repo.empty", 22, "{repository} answers as an empty one.", "repository"),
        new("api.error", 22, "Answer {status: 500} where the address contains {route}; git is addressed as 'git /path'. {rate, every, times}", "status message route +"),
        new("tokens.lag", 23, "A fresh token is refused for {ms: 2000} or for its first {uses}; git answers {gitStatus: 401 or 404}.", "ms uses status gitStatus"),
        new("tokens.format", 24, "Mint tokens as {format: classic, stateless or mixed}.", "format"),
        new("tokens.ttl", 25, "Tokens live {seconds: 3600}.", "seconds"),
        new("permissions.withhold", 26, "The permission {name} is not granted to any installation.", "name"),
        new("installation.hideRepo", 26, "{repository} is invisible to every token.", "repository"),
        new("permissions.pendingApproval", 27, "The App asks for {permissions: {name: level}} that no owner has approved yet.", "permissions"),
        new("jwt.clockSkew", 28, "GitHub's clock is {seconds} ahead (or behind, when negative).", "seconds"),
        new("jwt.rejectClientId", 28, "Only the App id counts as issuer."),
        new("jwt.rejectKey", 28, "The App's key number {n: 1} is refused.", "n"),
        new("api.version", 29, "Without a header the version is {version: 2026-03-10}; with {only: true} no other is accepted.", "version only"),
        new("api.ghes", 29, "Behave as GitHub Enterprise Server {version: 3.20}.", "version"),
        new("limits.primary", 30, "{remaining: 0} requests are left in this hour; then {status: 403}.", "remaining status"),
        new("limits.secondary", 31, "Refuse by the secondary limit with {status: 403}, {header: true} retry-after of {seconds: 60}. {rate, every, times, route}", "status header seconds route +"),
        new("api.etags", 33, "With {on: false} answers have no ETag and nothing is ever 304.", "on"),
        new("installation.suspend", 34, "Suspend {installation: all}; clearing the switch unsuspends.", "installation", Action: true),
        new("installation.reinstall", 35, "Delete {installation: all} and install again: new ids.", "installation", Action: true),
        new("installation.listLag", 35, "New installations are missing from the list for {seconds: 60} or {reads}.", "seconds reads"),
        new("repo.rename", 36, "Rename {repository} to {name}.", "repository name", Action: true),
        new("repo.transfer", 36, "Give {repository} to {owner}.", "repository owner", Action: true),
        new("repo.recreate", 37, "Delete {repository} and make a new one of the same name from {source: nothing}.", "repository source", Action: true),
        new("repo.archive", 38, "Archive {repository}; clearing the switch unarchives.", "repository", Action: true),
        new("checks.noStatuses", 39, "No commit of {repository} has any status: the combined state is pending.", "repository"),
        new("checks.queuedSuite", 39, "Each push to {repository} gets a suite of {app: idle-ci} that stays queued without runs.", "repository app +"),
        new("checks.conclusion", 39, "Runs of {repository} end with {conclusion: failure}, whatever their plan says.", "repository conclusion +"),
        new("checks.late", 40, "{after: 60} seconds after a push to {repository} a check {name: late} of {app: late-ci} ends with {conclusion: success}.", "repository after name app conclusion +"),
        new("checks.rerun", 40, "Run all checks (or {name}) of {sha: the default branch} in {repository} again, each ends with {conclusion: success}.", "repository sha name conclusion", Action: true),
        new("checks.fork", 41, "Checks name no branch and no pull request, as for a fork."),
        new("dispatch.limits", 42, "Less is taken: {eventType: 100} characters, {keys: 10}, {bytes: 65535}, {inputs: 25}.", "eventType keys bytes inputs"),
        new("dispatch.noRun", 42, "Dispatches to {repository} are accepted and start no run.", "repository +"),
        new("dispatch.details", 43, "Run details: {status: 400} refuses the field (422 too), 204 never gives them, 200 as usual.", "status"),
        new("dispatch.acceptThenFail", 44, "Dispatches to {repository} take effect and are answered {status: 502}.", "repository status +"),
        new("dispatch.acceptThenDrop", 44, "Dispatches to {repository} take effect, then the connection breaks; with {hold: true} the answer waits for the switch to be cleared.", "repository hold +"),
        new("dispatch.failBefore", 44, "Dispatches to {repository} are answered {status: 502}, and nothing happens.", "repository status +"),
        new("dispatch.swallow", 45, "As in a burst, some dispatches to {repository} are accepted and start no run. {rate, every}", "repository +"),
        new("runs.cancelPending", 45, "All runs of a workflow in {repository} are one concurrency group: one works, one is pending, older pending ones are cancelled.", "repository"),
        new("runs.slow", 45, "Runs of {repository} take {seconds: 600} longer.", "repository seconds"),
        new("runs.listLag", 45, "New runs are missing from lists for {ms: 5000}.", "ms"),
        new("dispatch.echo", 46, "Apps do not hear of dispatches to {repository}.", "repository on +"),
        new("manifest.nullSecret", 0, "The conversion of a manifest brings no webhook secret."),
        new("manifest.codeUsed", 0, "The code of a manifest was used already."),
        new("manifest.codeExpired", 0, "The code of a manifest is too old."),
        new("manifest.refuseUrl", 0, "Hook addresses on localhost are refused, as on github.com."),
        new("web.error", 0, "Pages whose address contains {route} answer {status: 503}.", "status route +"),
        new("deliveries.parallel", 0, "Send up to {count: 16} deliveries at once.", "count"),
        new("git.stall", 0, "git answers stop after {afterBytes: 0} until the switch is cleared. {route}", "afterBytes route"),
        new("git.slow", 0, "git answers come with {bytesPerSecond: 10}. {route}", "bytesPerSecond route"),
    ];

    private static readonly Dictionary<string, FaultSwitch> ByName = All.ToDictionary(known => known.Name, StringComparer.Ordinal);

    public static FaultSwitch? Find(string name) => ByName.GetValueOrDefault(name);
}
