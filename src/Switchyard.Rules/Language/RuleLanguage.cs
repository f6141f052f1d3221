namespace Switchyard.Rules.Language;

/// <summary>The table of the language. What is not in here is no rule; what is, is checked, in the schema, and in the reference.</summary>
internal static class RuleLanguage
{
    public static readonly Spec Version = new VersionSpec();

    private static readonly Spec Duration = Durations.Spec;

    private static readonly TextSpec Template = new("a text", TextKind.Template, "${{ signal.sha }}");

    private static readonly TextSpec Name = new("a text", TextKind.Plain, "prod-workspace");

    private static readonly ListSpec CheckNames =
        new(new TextSpec("the name of a check or status", TextKind.NamePattern, "build"), "names of checks and statuses");

    private static readonly FreeMapSpec Inputs = new(Template, "inputs and their texts", TextKind.InputName);

    public static readonly MapSpec Checks = new(
        "checks",
        [
            new("require", new WordSpec("success", "completed"), "success: each check has passed (skipped and neutral pass); completed: each is done, however it ended.", Default: "success") { Instead = ["required", "state"] },
            new("names", CheckNames, "The checks and statuses that count, with * and ?. Each must show up. Without names: all that show up, and at least one.") { Instead = ["name", "contexts", "checks"] },
            new("settle", Duration, "How long nothing may have changed before the gate opens, because later checks may still be on their way.", Default: "30s"),
            new("timeout", Duration, "How long to wait at most. That it was too long is a result, which the check run shows.", Default: "2h") { Instead = ["time-out", "max"] },
        ],
        Short: new WordSpec("success", "completed"));

    public static readonly MapSpec Quiet = new(
        "quiet",
        [
            new("for", Duration, "How long nothing more may have happened.", Presence.Required) { Instead = ["wait", "delay", "debounce", "seconds"] },
            new("max", Duration, "The longest wait since the first Signal, however much goes on.", Default: "10 times for") { Instead = ["timeout", "maximum"] },
            new("keep", new WordSpec("latest", "all"), "latest: one start, for what came last; all: one for each Signal, once it is quiet.", Default: "latest"),
            new("key", new TextSpec("a text with placeholders", TextKind.QuietKey, "${{ source.owner }}"), "What is quiet together, and started together. A fixed text batches all sources of the rule.", Default: "repository and branch, tag or pull request") { Instead = ["group", "by"] },
        ],
        Short: Duration);

    public static readonly MapSpec Workflow = new(
        "workflow",
        [
            RepositoryOf("The repository whose workflow starts."),
            new("file", new TextSpec("the file name of a workflow, or its numeric id", TextKind.WorkflowFile, "integration.yml"), "The workflow, which needs the trigger workflow_dispatch.", Presence.Required) { Instead = ["workflow", "path", "id", "name", "workflow_id"] },
            new("ref", new TextSpec("a branch or tag", TextKind.Ref, "main"), "The branch or tag it runs on.", Default: "the default branch") { Instead = ["branch", "tag"] },
            new("inputs", Inputs, "The workflow's inputs; at most 24. Where it declares the input switchyard_id, Switchyard fills that.") { Instead = ["with", "input", "payload"] },
        ]);

    public static readonly MapSpec Dispatch = new(
        "dispatch",
        [
            RepositoryOf("The repository that is told. Its workflows listen by on.repository_dispatch.types."),
            new("event_type", new TextSpec("a text of 1 to 100 characters", TextKind.EventType, "upstream-changed"), "What the workflows listen to.", Presence.Required) { Instead = ["type", "event", "types", "name"] },
            new("payload", new PayloadSpec(), "The client_payload: at most 9 keys, less than 64 KB. Switchyard adds the key switchyard.") { Instead = ["client_payload", "inputs", "data", "with"] },
        ]);

    public static readonly MapSpec Job = new(
        "job",
        [
            new("registry", Name, "The connection to Azure ML, by its name in Switchyard.", Presence.Required) { Instead = ["workspace"] },
            new("file", new TextSpec("the path of a job's YAML in the source repository", TextKind.Template, "jobs/train.yml"), "What to run.", Presence.Required) { Instead = ["job", "path"] },
            new("set", new FreeMapSpec(Template, "dotted paths and the values put there"), "Values put over those of the file.") { Instead = ["inputs", "with"] },
        ]);

    public static readonly MapSpec Action = new(
        "action",
        [
            new("workflow", Workflow, "Starts a workflow by workflow_dispatch; its Run is followed to the end."),
            new("dispatch", Dispatch, "Sends a repository_dispatch; what listens to it, starts.") { Instead = ["repository_dispatch", "event"] },
            new("job", Job, "Starts a job of Azure ML."),
        ])
    { OneKey = true };

    public static readonly MapSpec Rule = new(
        "rule",
        [
            new("name", new TextSpec("a text of 1 to 100 characters", TextKind.RuleName, "integration-tests"), "Its name in messages, and of its check run.", Presence.Required) { Instead = ["id", "title"] },
            new("enabled", new TruthSpec(), "false: it is kept, and starts nothing.", Default: "true") { Instead = ["enable", "active", "disabled"] },
            new("on", TriggerLanguage.On, "What starts it: any of these.", Presence.Required) { Instead = ["when", "trigger", "triggers", "events", "true"] },
            new("checks", Checks, "The gate: it waits for the checks of the source commit.") { Instead = ["gate", "require", "check", "needs"] },
            new("quiet", Quiet, "It waits until nothing more happens.") { Instead = ["debounce", "cooldown", "delay", "wait", "batch"] },
            new("do", new ListSpec(Action, "actions"), "What it starts: all of these.", Presence.Required) { Instead = ["then", "actions", "steps", "run", "jobs", "action"] },
            new("report", new WordSpec("check", "none"), "check: a check run on the source commit shows how far it is and how it ended; none: nothing does.", Default: "check") { Instead = ["status", "notify"] },
        ]);

    public static readonly MapSpec File = new(
        "rule file",
        [
            new("version", Version, "The version of the language.", Presence.Required),
            new("rules", new ListSpec(Rule, "rules", OneAlone: false), "All rules of the file.", Presence.Required) { Instead = ["rule"] },
        ]);

    private static KeySpec RepositoryOf(string sentence) =>
        new("repository", new TextSpec("one repository, as owner/name", TextKind.RepositoryTemplate, "acme/the-tests"), sentence, Presence.RequiredElsewhere)
        {
            Instead = ["repo", "target", "repositories", "repos"],
        };
}
