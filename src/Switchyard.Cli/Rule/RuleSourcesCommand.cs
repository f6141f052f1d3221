using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Rule.Files;
using Switchyard.Server.Rules.Sources;

namespace Switchyard.Cli.Rule;

/// <summary>Files of rules, and below the list what is wrong with them: all errors at once.</summary>
internal sealed class RuleSourcesCommand : Command
{
    public RuleSourcesCommand(Shell shell)
        : base("sources", "Files of rules, with what is wrong with them")
    {
        var state = WordOption.Create("--state", RuleSourceState.All);
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Add(state);
        Add(provider);
        Add(limit);
        shell.Run(this, async (run, cancellation) =>
        {
            var listing = await run.Server.ListAsync("api/v1/rule-sources", [new("state", run.Get(state)), new("provider", run.Get(provider))], run.Get(limit), cancellation);
            run.Printer.List(listing.Items, RuleColumns.Sources);
            foreach (var line in run.Printer.IsJson ? [] : listing.Items.SelectMany(Problems))
            {
                run.Printer.Say(line);
            }

            if (listing.Total > listing.Items.Count && !run.Printer.IsJson)
            {
                run.Printer.Say($"{listing.Items.Count} of {listing.Total} shown; --limit {listing.Total} shows all.");
            }

            return ExitCode.Ok;
        });
    }

    private static IEnumerable<string> Problems(JsonNode source) =>
        from problem in (source["problems"] as JsonArray ?? []).OfType<JsonNode>()
        from line in FileProblem.Of(problem).Lines($"{Members.At(source, "name")}/{Members.At(source, "path")}")
        select line;
}
