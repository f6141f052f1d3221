using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>The answers of which a first rule is made: from options, and on a terminal from the person.</summary>
internal sealed class StarterQuestions
{
    private readonly Option<string?> name = new("--name") { Description = "The rule's name (default: made from the target)", HelpName = "NAME" };
    private readonly Option<string[]> from = Repeated("--from", "A repository whose changes start it, * allowed; may be repeated", "OWNER/REPO");
    private readonly Option<string?> to = new("--to") { Description = "The repository in which something is started", HelpName = "OWNER/REPO" };
    private readonly Option<string?> workflow = new("--workflow") { Description = "The workflow file to start there", HelpName = "FILE" };
    private readonly Option<string?> eventType = new("--event-type") { Description = "Instead: the type of repository_dispatch to send there", HelpName = "T" };
    private readonly Option<string[]> branch = Repeated("--branch", "Only changes of these branches, as main or release/**; may be repeated (default main)", "B");
    private readonly Option<string[]> paths = Repeated("--paths", "Only changes of these paths, as src/** or !**/*.md; may be repeated", "P");
    private readonly Option<bool> pullRequests = new("--pull-requests") { Description = "On pull requests as well" };
    private readonly Option<bool> checks = new("--checks") { Description = "Only once the checks of the commit are green" };

    // --quiet is every command's word for saying less.
    private readonly Option<string?> quiet = Durations.Option("--quiet-for", "Only once nothing more has come for so long, e.g. 2m");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[from, to, workflow, eventType, name, branch, paths, pullRequests, checks, quiet])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(workflow) is not null && result.GetValue(eventType) is not null)
            {
                result.AddError("Only one of --workflow and --event-type can be given");
            }
        });
    }

    public RuleStarterAnswers Ask(Invocation run, GitPlace? git)
    {
        RequireAll(run);
        var sources = Several(run.Get(from));
        if (sources.Count == 0)
        {
            sources = Several([Answer(run, "Changes of which repositories start it? owner/name, * allowed, several with commas", "--from", git is { Name: not ".github" } ? git.FullName : null)]);
        }

        var target = run.Get(to) ?? Answer(run, "In which repository is something started? owner/name", "--to", null);
        var (file, type) = (run.Get(workflow), run.Get(eventType));
        if (file is null && type is null)
        {
            file = Answer(run, "Which workflow file there? Or - to send an event instead", "--workflow or --event-type", null);
            if (file == "-")
            {
                (file, type) = (null, Answer(run, "Of which type is the event?", "--event-type", "upstream-changed"));
            }
        }

        var (owner, repository) = GitHubAccess.Split(target);
        var branches = Several(run.Get(branch));
        return new RuleStarterAnswers
        {
            Name = run.Get(name),
            Sources = sources,
            Target = $"{owner}/{repository}",
            Workflow = file,
            EventType = type,
            Branches = branches.Count == 0 ? ["main"] : branches,
            Paths = Several(run.Get(paths)),
            PullRequests = run.Get(pullRequests),
            Gate = run.Get(checks),
            Quiet = run.Get(quiet) is { } time ? Durations.Parse(time) : TimeSpan.Zero,
        };
    }

    /// <summary>Where nobody can be asked, all that is missing is named at once.</summary>
    private void RequireAll(Invocation run)
    {
        if (CanAsk(run))
        {
            return;
        }

        List<string> missing = [];
        missing.AddRange(Several(run.Get(from)).Count == 0 ? ["--from"] : []);
        missing.AddRange(run.Get(to) is null ? ["--to"] : []);
        missing.AddRange(run.Get(workflow) is null && run.Get(eventType) is null ? ["--workflow (or --event-type)"] : []);
        if (missing.Count > 0)
        {
            throw CommandProblem.Usage($"{string.Join(", ", missing[..^1])}{(missing.Count > 1 ? " and " : "")}{missing[^1]} {(missing.Count == 1 ? "is" : "are")} missing, and nobody can be asked here.");
        }
    }

    private static bool CanAsk(Invocation run) => run.Terminal.InIsTty && run.Terminal.ErrorIsTty;

    private static string Answer(Invocation run, string question, string option, string? standard)
    {
        var terminal = run.Terminal;
        terminal.Error.Write(question + (standard is null ? ": " : $" [{standard}]: "));
        terminal.Error.Flush();
        return terminal.In.ReadLine() switch
        {
            null => throw CommandProblem.Usage("Cancelled; nothing was written."),
            { } line when line.Trim() is { Length: > 0 } given => given,
            _ => standard ?? throw CommandProblem.Usage($"Nothing was answered, and {option} is needed; nothing was written."),
        };
    }

    private static Option<string[]> Repeated(string option, string description, string helpName) => new(option) { Description = description, HelpName = helpName };

    private static List<string> Several(string[]? given) => [.. (given ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
