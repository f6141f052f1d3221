namespace Switchyard.Simulator.Faults;

/// <summary>A switch by name. Row 0 is outside the rows of GitHub's behaviours; an Action does something once, when it is set.</summary>
internal sealed record FaultSwitch(string Name, int Row, string Description, bool Action = false);

/// <summary>Every switch there is. Those that strike repeatedly also take rate, every, skip and times.</summary>
internal static class FaultCatalog
{
    public static readonly IReadOnlyList<FaultSwitch> All =
    [
        new("deliveries.shuffle", 1, "Send in seeded random order within {window: 16} deliveries; tick sends the rest."),
        new("deliveries.delay", 2, "Hold each delivery for {min: 60, max: min} seconds, or until a tick; the log shows throttled_at."),
        new("deliveries.drop", 3, "Never reaches the receiver, logged as timed out. {rate, every, event, logged: true}"),
        new("deliveries.cutAfter", 3, "Hang up after {seconds: 10}; 0 loses only the answer: the receiver took it, the log says timed out."),
        new("deliveries.logRetention", 4, "The delivery log goes back {days: 3}."),
        new("deliveries.manyAttempts", 5, "The log shows {count: 2} failed attempts before each one that is made."),
        new("jwt.expireMidWalk", 5, "A JWT counts as expired after {pages: 1} pages of the delivery log."),
        new("deliveries.duplicate", 6, "Send {copies: 2} of a delivery with one GUID, at once with {concurrent: true}. {rate, every}"),
        new("deliveries.redeliver", 6, "Redeliver {guid} now.", Action: true),
        new("deliveries.oversize", 7, "Payloads of {event: push} above {bytes: 0} are neither sent nor logged."),
        new("push.suppress", 8, "No events for a push of at least {tags: 4} tags or {branches: 5001} branches."),
        new("deliveries.unsigned", 9, "No signature headers; with {sha1Only: true} only the old one."),
        new("deliveries.badSignature", 9, "The SHA-256 signature is wrong in one bit."),
        new("deliveries.oldSecret", 9, "Sign with {secret}, or with the secret before the last change."),
        new("deliveries.form", 10, "Send bodies as a form, payload=..."),
        new("deliveries.unknownEvent", 11, "Before each delivery one of an unknown event and action. {rate, every}"),
        new("deliveries.sparse", 11, "Payloads without every field that is not an identity or the fact itself."),
        new("push.cap", 12, "A push lists at most {commits: 2048} commits and {files: 3000} files of each."),
        new("push.delete", 13, "Delete {branch} of {repository}.", Action: true),
        new("push.create", 13, "Create {branch} of {repository} from {from: default branch}.", Action: true),
        new("push.force", 14, "Force {branch: default} of {repository} with {mode: rewind or diverge} by {commits: 1}.", Action: true),
        new("repo.oddNames", 15, "Create branches and tags with odd names in {repository}.", Action: true),
        new("push.tag", 15, "Create the tag {name: v1} in {repository}, with {annotated: true} as a tag object.", Action: true),
        new("api.compareCap", 17, "Comparisons and commits list at most {files: 300} files, without a word."),
        new("api.truncateTree", 18, "Recursive trees stop after {entries: half of them} with truncated: true."),
        new("api.contentsLimits", 19, "Contents: {directory: 1000} entries, {inlineBytes: 1 MB} in full, {rawBytes: 100 MB} at all."),
        new("repo.lfs", 20, "LFS of {repository} answers with {mode: ok, quota or missing}."),
        new("api.listCap", 21, "Lists end silently after {count: 1000} items."),
        new("repo.empty", 22, "{repository} answers as an empty one."),
        new("api.error", 22, "Answer {status: 500} where the address contains {route}; git is addressed as 'git /path'. {rate, every, times}"),
        new("tokens.lag", 23, "A fresh token is refused for {ms: 2000} or for its first {uses}; git answers {gitStatus: 401 or 404}."),
        new("tokens.format", 24, "Mint tokens as {format: classic, stateless or mixed}."),
        new("tokens.ttl", 25, "Tokens live {seconds: 3600}."),
        new("permissions.withhold", 26, "The permission {name} is not granted to any installation."),
        new("installation.hideRepo", 26, "{repository} is invisible to every token."),
        new("permissions.pendingApproval", 27, "The App asks for {permissions: {name: level}} that no owner has approved yet."),
        new("jwt.clockSkew", 28, "GitHub's clock is {seconds} ahead (or behind, when negative)."),
        new("jwt.rejectClientId", 28, "Only the App id counts as issuer."),
        new("jwt.rejectKey", 28, "The App's key number {n: 1} is refused."),
        new("api.version", 29, "Without a header the version is {version: 2026-03-10}; with {only: true} no other is accepted."),
        new("api.ghes", 29, "Behave as GitHub Enterprise Server {version: 3.20}."),
        new("limits.primary", 30, "{remaining: 0} requests are left in this hour; then {status: 403}."),
        new("limits.secondary", 31, "Refuse by the secondary limit with {status: 403}, {header: true} retry-after of {seconds: 60}. {rate, every, times, route}"),
        new("api.etags", 33, "With {on: false} answers have no ETag and nothing is ever 304."),
        new("installation.suspend", 34, "Suspend {installation: all}; clearing the switch unsuspends.", Action: true),
        new("installation.reinstall", 35, "Delete {installation: all} and install again: new ids.", Action: true),
        new("installation.listLag", 35, "New installations are missing from the list for {seconds: 60} or {reads}."),
        new("repo.rename", 36, "Rename {repository} to {name}.", Action: true),
        new("repo.transfer", 36, "Give {repository} to {owner}.", Action: true),
        new("repo.recreate", 37, "Delete {repository} and make a new one of the same name from {source: nothing}.", Action: true),
        new("repo.archive", 38, "Archive {repository}; clearing the switch unarchives.", Action: true),
        new("manifest.nullSecret", 0, "The conversion of a manifest brings no webhook secret."),
        new("manifest.codeUsed", 0, "The code of a manifest was used already."),
        new("manifest.codeExpired", 0, "The code of a manifest is too old."),
        new("manifest.refuseUrl", 0, "Hook addresses on localhost are refused, as on github.com."),
        new("deliveries.parallel", 0, "Send up to {count: 16} deliveries at once."),
        new("git.stall", 0, "git answers stop after {afterBytes: 0} until the switch is cleared. {route}"),
        new("git.slow", 0, "git answers come with {bytesPerSecond: 10}. {route}"),
    ];

    private static readonly Dictionary<string, FaultSwitch> ByName = All.ToDictionary(known => known.Name, StringComparer.Ordinal);

    public static FaultSwitch? Find(string name) => ByName.GetValueOrDefault(name);
}
