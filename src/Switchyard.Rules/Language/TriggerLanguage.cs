namespace Switchyard.Rules.Language;

/// <summary>The part of the table below <c>on:</c>.</summary>
internal static class TriggerLanguage
{
    public static readonly IReadOnlyList<string> PullRequestTypes =
    [
        "opened", "synchronize", "reopened", "ready_for_review", "closed", "edited", "labeled", "unlabeled", "converted_to_draft",
        "assigned", "unassigned", "review_requested", "review_request_removed", "milestoned", "demilestoned", "locked", "unlocked",
        "enqueued", "dequeued", "auto_merge_enabled", "auto_merge_disabled",
    ];

    public static readonly IReadOnlyList<string> ReleaseTypes =
        ["published", "released", "prereleased", "created", "edited", "unpublished", "deleted"];

    public static readonly IReadOnlyList<string> Changes = ["breaking", "dangerous", "safe", "docs", "cosmetic"];

    public static readonly IReadOnlyList<string> ModelEvents = ["added", "changed", "removed"];

    /// <summary>The ids of the catalogue; a test holds the two against each other.</summary>
    public static readonly IReadOnlyList<string> Formats =
        ["hackolade", "mlflow", "onnx", "safetensors", "gguf", "jsonschema", "avro", "openapi", "dbt", "protobuf", "sql", "dvc"];

    private static readonly TextSpec RepositoryPattern = new("a repository as owner/name, with * and ?", TextKind.RepositoryPattern, "acme/the-app");

    private static readonly KeySpec Repositories = new(
        "repositories",
        new ListSpec(RepositoryPattern, "repositories"),
        "Where it happens, in any letter case; * and ? stand for anything but a slash.",
        Presence.RequiredElsewhere)
    { Instead = ["repository", "repo", "repos", "sources", "source", "from"] };

    private static readonly KeySpec Authors = new(
        "authors",
        new ListSpec(new TextSpec("a login, with * and ?", TextKind.Login, "octocat"), "logins"),
        "Who did it.")
    { Instead = ["author", "actor", "actors", "users", "user"] };

    private static readonly KeySpec Paths = new(
        "paths",
        new ListSpec(new TextSpec("a path pattern", TextKind.PathPattern, "src/**"), "path patterns"),
        "At least one changed path must match.")
    { Instead = ["path", "files", "paths-ignore"] };

    private static readonly KeySpec Tags = new(
        "tags",
        new ListSpec(new TextSpec("a tag pattern", TextKind.TagPattern, "v*"), "tag patterns"),
        "The tag's name.")
    { Instead = ["tag", "tags-ignore"] };

    private static readonly MapSpec Push = new("push", [Repositories, Branches("The branch that moved."), Paths, Authors], MayBeEmpty: true);

    private static readonly MapSpec PullRequest = new(
        "pull_request",
        [
            Repositories,
            Branches("The branch it is to be merged into."),
            new("types", new ListSpec(new WordSpec(PullRequestTypes), "types"), "What happened to it.", Default: "[opened, synchronize, reopened], and ready_for_review where drafts are left out") { Instead = ["type", "actions"] },
            Paths,
            Named("labels", "a label, with * and ?", "labels", "needs-tests", "It has one of these labels, and none of those with !.", "label"),
            Authors with { Sentence = "Who opened it." },
            new("drafts", new TruthSpec(), "true: drafts, too.", Default: "false") { Instead = ["draft"] },
            new("forks", new TruthSpec(), "true: from forks, too. What a fork's owner writes is percent-encoded in placeholders.", Default: "false") { Instead = ["fork"] },
        ],
        MayBeEmpty: true);

    private static readonly MapSpec Release = new(
        "release",
        [
            Repositories,
            new("types", new ListSpec(new WordSpec(ReleaseTypes), "types"), "What happened to it.", Default: "[published]") { Instead = ["type", "actions"] },
            Tags,
            new("prereleases", new TruthSpec(), "true: prereleases alone; false: none of them. Both, when left out.") { Instead = ["prerelease"] },
        ],
        MayBeEmpty: true);

    private static readonly MapSpec Checks = new(
        "checks",
        [
            Repositories,
            Branches("The branch whose head it is."),
            new("names", new ListSpec(new TextSpec("the name of a check or status", TextKind.NamePattern, "build"), "names of checks and statuses"), "The checks and statuses that count; each must be there. Without names: all.") { Instead = ["name"] },
            new("conclusions", new ListSpec(new WordSpec(CheckConclusions.Words), "conclusions"), "What they come to: success, or the worst among them.", Default: "[success]") { Instead = ["conclusion", "status", "result"] },
        ],
        MayBeEmpty: true);

    private static readonly MapSpec Model = new(
        "model",
        [
            Repositories,
            Paths with { Sentence = "The path of the model." },
            new("formats", new ListSpec(new WordSpec(Formats), "formats"), "The format of the model.") { Instead = ["format"] },
            new("changes", new ListSpec(new WordSpec(Changes), "classes of change"), "The highest class of change. Without this key anything but cosmetic.") { Instead = ["change", "classes"] },
            new("events", new ListSpec(new WordSpec(ModelEvents), "events"), "What happened to it.", Default: "all") { Instead = ["event", "types"] },
        ],
        MayBeEmpty: true);

    private static readonly MapSpec Registry = new(
        "registry",
        [
            new("registry", new TextSpec("the name of a registry", TextKind.Plain, "mlflow-prod"), "The connection, by its name in Switchyard.", Presence.Required) { Instead = ["name", "server"] },
            new("events", new ListSpec(new WordSpec(RegistryEvent.All), "events"), "What happened.", Default: "[version_created]") { Instead = ["event", "types"] },
            Named("model", "a model's name, with * and ?", "models' names", "fraud-*", "The registered model.", "models", "name"),
            Named("alias", "an alias, with * and ?", "aliases", "champion", "The alias that was set or removed.", "aliases"),
            Named("stage", "a stage, with * and ?", "stages", "Production", "The stage it has now.", "stages"),
            new("tags", new FreeMapSpec(new ListSpec(new TextSpec("a value, with * and ?", TextKind.NamePattern, "yes"), "values"), "tags and their values"), "Tags the version must have.") { Instead = ["tag"] },
        ]);

    private static readonly MapSpec Schedule = new(
        "schedule",
        [
            new("cron", new TextSpec("five fields: minute, hour, day of month, month, day of week", TextKind.Cron, "30 5 * * 1-5"), "When.", Presence.Required) { Instead = ["at", "time", "every"] },
            new("timezone", new TextSpec("a time zone such as Europe/Berlin", TextKind.TimeZone, "Europe/Berlin"), "The time zone of these fields.", Default: "UTC") { Instead = ["tz", "time_zone", "zone"] },
            Repositories with { Presence = Presence.Optional, Sentence = "Starts it once for each repository that matches; without this key once, without a source." },
        ]);

    private static readonly MapSpec Manual = new(
        "manual",
        [
            Repositories with { Presence = Presence.Optional, Sentence = "The repositories a person may start it for." },
            new("inputs", new ListSpec(new TextSpec("the name of an input", TextKind.InputName, "reason"), "names of inputs"), "What a person is asked for; signal.inputs.NAME reads it.") { Instead = ["input", "with"] },
        ],
        MayBeEmpty: true);

    public static readonly MapSpec On = new(
        "on",
        [
            Trigger(SignalKind.Push, Push, "A branch moved.", "pushes"),
            Trigger(SignalKind.PullRequest, PullRequest, "Something happened to a pull request.", "pull_request_target", "pr", "merge_request"),
            Trigger(SignalKind.Tag, new MapSpec("tag", [Repositories, Tags], MayBeEmpty: true), "A tag was made or moved.", "create"),
            Trigger(SignalKind.Release, Release, "Something happened to a release."),
            Trigger(SignalKind.Checks, Checks, "All checks and statuses of a commit are done.", "check_run", "check_suite", "status", "workflow_run"),
            Trigger(SignalKind.Model, Model, "A model on the default branch was added, changed or removed."),
            Trigger(SignalKind.Registry, Registry, "A registry (MLflow, Azure ML) changed.", "mlflow", "azureml"),
            Trigger(SignalKind.Schedule, Schedule, "A time of day.", "cron"),
            Trigger(SignalKind.Manual, Manual, "A person starts it, or a call of the API.", "workflow_dispatch", "repository_dispatch"),
        ],
        Short: new ListSpec(new WordSpec(SignalKind.All), "kinds of Signals"))
    { SomeKey = true, Phrase = "what starts it, such as push: { repositories: [acme/the-app] }" };

    private static KeySpec Trigger(string kind, MapSpec map, string sentence, params string[] instead) =>
        new(kind, new ListSpec(map, "mappings"), sentence) { Instead = instead };

    private static KeySpec Branches(string sentence) =>
        new("branches", new ListSpec(new TextSpec("a branch pattern", TextKind.BranchPattern, "main"), "branch patterns"), sentence)
        {
            Instead = ["branch", "ref", "refs", "branches-ignore"],
        };

    private static KeySpec Named(string name, string expected, string noun, string example, string sentence, params string[] instead) =>
        new(name, new ListSpec(new TextSpec(expected, TextKind.NamePattern, example), noun), sentence) { Instead = instead };
}
