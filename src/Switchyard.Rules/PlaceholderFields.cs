namespace Switchyard.Rules;

/// <summary>One field that <c>${{ }}</c> may read.</summary>
/// <param name="Name"><c>source.owner</c>; <c>signal.inputs.*</c> stands for any name.</param>
/// <param name="Sentence">What it is.</param>
/// <param name="Kinds">The kinds of Signal that have it; empty: all.</param>
/// <param name="ForkControlled">For a Signal from a fork its text is chosen by the fork's owner, and so percent-encoded.</param>
public sealed record PlaceholderField(string Name, string Sentence, IReadOnlyList<string> Kinds, bool ForkControlled = false)
{
    /// <summary>A schedule or a person's start has it only with <c>repositories</c>.</summary>
    public bool NeedsSource { get; init; }
}

/// <summary>The table of all fields: the parser, the schema, the documentation and rendering read it.</summary>
public static class PlaceholderFields
{
    /// <summary>The beginning of the names of inputs.</summary>
    public const string Inputs = "signal.inputs.";

    private static readonly string[] Any = [];

    private static readonly string[] Sourced =
        [SignalKind.Push, SignalKind.PullRequest, SignalKind.Tag, SignalKind.Release, SignalKind.Checks, SignalKind.Model, SignalKind.Schedule, SignalKind.Manual];

    private static readonly string[] People = [SignalKind.Push, SignalKind.PullRequest, SignalKind.Tag, SignalKind.Release, SignalKind.Manual];

    private static readonly string[] Branched =
        [SignalKind.Push, SignalKind.PullRequest, SignalKind.Checks, SignalKind.Model, SignalKind.Schedule, SignalKind.Manual];

    private static readonly string[] PullRequests = [SignalKind.PullRequest];

    private static readonly string[] Models = [SignalKind.Model];

    private static readonly string[] Registries = [SignalKind.Registry];

    public static IReadOnlyList<PlaceholderField> All { get; } =
    [
        OfSource("source.owner", "The account that owns the source repository."),
        OfSource("source.name", "The name of the source repository."),
        OfSource("source.full_name", "Both, as owner/name."),
        OfSource("source.id", "GitHub's numeric id of the source repository."),
        OfSource("source.default_branch", "Its default branch."),
        OfSource("source.html_url", "Its page on GitHub."),
        new("signal.id", "The Signal's id in Switchyard.", Any),
        new("signal.kind", "What it is: push, pull_request, tag, release, checks, model, registry, schedule or manual.", Any),
        OfSource("signal.sha", "The commit: the head after a push, the head of a pull request, what a tag points to, whose checks they are."),
        OfSource("signal.short_sha", "The first 7 characters of it."),
        new("signal.before", "The commit before; empty for a new ref.", [SignalKind.Push, SignalKind.Tag, SignalKind.PullRequest]),
        OfSource("signal.ref", "The whole ref, such as refs/heads/main.", forkControlled: true),
        new("signal.branch", "The branch; for a pull request the one it is to be merged into.", Branched, ForkControlled: true) { NeedsSource = true },
        new("signal.tag", "The tag.", [SignalKind.Tag, SignalKind.Release]),
        new("signal.actor", "The login of whoever did it.", People),
        new("signal.action", "What happened to it: opened, published, alias_set, added.", [SignalKind.PullRequest, SignalKind.Release, SignalKind.Registry, SignalKind.Model]),
        new("signal.url", "Its page: the commit, the pull request, the release, the version.", Any),
        new("signal.occurred_at", "When, in UTC, such as 2026-11-21T10:42:05Z.", Any),
        new("signal.number", "The number of the pull request.", PullRequests),
        new("signal.title", "The title of the pull request.", PullRequests, ForkControlled: true),
        new("signal.head_ref", "The branch that is to be merged.", PullRequests, ForkControlled: true),
        new("signal.base_ref", "The branch that it is to be merged into.", PullRequests),
        new("signal.head_repository", "The repository of the branch that is to be merged, as owner/name.", PullRequests, ForkControlled: true),
        new("signal.model", "The name of the model.", [SignalKind.Model, SignalKind.Registry]),
        new("signal.path", "The path of the model.", Models),
        new("signal.format", "The format of the model, such as avro.", Models),
        new("signal.change", "The highest class of change: breaking, dangerous, safe, docs or cosmetic.", Models),
        new("signal.version", "The version of the model.", [SignalKind.Model, SignalKind.Registry]),
        new("signal.alias", "The alias.", Registries),
        new("signal.stage", "The stage.", Registries),
        new("signal.registry", "The name of the registry.", Registries),
        new("signal.run_id", "The run of the registry that made the version.", Registries),
        new("signal.conclusion", "What the checks came to.", [SignalKind.Checks]),
        new("signal.inputs.*", "What a person gave for an input; the rule names its inputs below on.manual.inputs.", [SignalKind.Manual]),
        new("rule.name", "The name of the rule.", Any),
        new("dispatch.id", "The Dispatch's id in Switchyard, which the Run can show.", Any),
        new("batch.count", "How many Signals went in: each push, also those whose place a newer one took.", Any),
        new("batch.sources", "The newest of each branch, tag and pull request that went in, as a list of objects with repository, sha, ref, branch, number and url. In a text it is JSON.", Any, ForkControlled: true),
    ];

    private static readonly Dictionary<string, PlaceholderField> ByName = All.ToDictionary(field => field.Name, StringComparer.Ordinal);

    public static PlaceholderField? Find(string name) =>
        ByName.GetValueOrDefault(name.Length > Inputs.Length && name.StartsWith(Inputs, StringComparison.Ordinal) && !name.AsSpan(Inputs.Length).Contains('.') ? Inputs + "*" : name);

    private static PlaceholderField OfSource(string name, string sentence, bool forkControlled = false) =>
        new(name, sentence, Sourced, forkControlled) { NeedsSource = true };
}
