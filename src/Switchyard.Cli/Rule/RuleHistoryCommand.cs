using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Rules.Evaluations;

namespace Switchyard.Cli.Rule;

/// <summary>What a rule made of the Signals that came, those that it did not match among them; or what its file held.</summary>
internal sealed class RuleHistoryCommand : Command
{
    private readonly RuleReference reference = new();
    private readonly Option<string?> result = WordOption.Create("--result", EvaluationResult.All, "Only those that came to: ");
    private readonly Option<string?> repository = new("--repo") { Description = "Only of Signals of this repository", HelpName = "R" };
    private readonly Option<string?> sha = new("--sha") { Description = "Only of Signals of this commit", HelpName = "SHA" };
    private readonly Option<string?> file = new("--file") { Description = "Instead: the revisions of this file of rules: owner/name, the name of local rules, or an id of `rule sources`", HelpName = "F" };
    private readonly Option<int> limit = Lists.Limit();

    public RuleHistoryCommand(Shell shell)
        : base("history", "What a rule did, newest first, with the Signals that it did not match; or the revisions of a file")
    {
        reference.Rule.Arity = ArgumentArity.ZeroOrOne;
        reference.AddTo(this);
        foreach (var option in (Option[])[result, repository, sha, file, limit])
        {
            Add(option);
        }

        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        if (run.Get(file) is { } named)
        {
            return run.Get(reference.Rule) is null
                ? await RevisionsAsync(run, named, cancellation)
                : throw CommandProblem.Usage("Give a rule, for what it did, or --file, for what the file held, not both.");
        }

        var rule = run.Get(reference.Rule) is { } given ? RuleReference.IdOf(await reference.ResolveAsync(run, given, cancellation)) : null;
        return await Lists.ShowAsync(
            run,
            "api/v1/evaluations",
            [new("rule", rule), new("result", run.Get(result)), new("repository", run.Get(repository)), new("sha", run.Get(sha))],
            run.Get(limit),
            RuleColumns.History,
            cancellation);
    }

    private async Task<int> RevisionsAsync(Invocation run, string named, CancellationToken cancellation)
    {
        var sources = (await run.Server.ListAsync("api/v1/rule-sources", [], int.MaxValue, cancellation)).Items;
        var found = sources.Where(source => Members.At(source, "id") == named || named.Equals(Members.At(source, "name"), StringComparison.OrdinalIgnoreCase)).ToList();
        if (found is not [var one])
        {
            throw found.Count == 0
                ? CommandProblem.NotFound($"There is no file of rules \"{named}\".", new NextStep("List them", Command: "switchyard rule sources"))
                : new CommandProblem(ExitCode.Conflict, "Ambiguous", $"Several files of rules are called \"{named}\": {string.Join(", ", found.Select(source => $"{Members.At(source, "id")} ({Members.At(source, "kind")})"))}. Give one of these ids.");
        }

        var revisions = await run.Server.GetAsync($"api/v1/rule-sources/{Members.At(one, "id")}/revisions", cancellation) as JsonArray ?? [];
        run.Printer.List([.. revisions.OfType<JsonNode>().Take(run.Get(limit))], RuleColumns.Revisions);
        return ExitCode.Ok;
    }
}
