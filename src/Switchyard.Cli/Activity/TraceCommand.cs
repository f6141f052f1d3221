using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Activity;

/// <summary>The way from a delivery to a run, one step a line, each below what led to it.</summary>
internal sealed class TraceCommand : Command
{
    private static readonly string[] Things = ["delivery", "signal", "evaluation", "pending", "dispatch"];

    public TraceCommand(Shell shell)
        : base("trace", "What led to a delivery, signal, evaluation, dispatch or to what waits, and what came of it")
    {
        var options = Things.Select(thing => new Option<long?>("--" + thing) { Description = $"The {thing} with this id", HelpName = "ID" }).ToList();
        options.ForEach(Add);
        shell.Run(this, async (run, cancellation) =>
        {
            var query = Things.Zip(options, (thing, option) => new KeyValuePair<string, string?>(thing, run.Get(option)?.ToString(CultureInfo.InvariantCulture))).ToList();
            if (query.Count(pair => pair.Value is not null) != 1)
            {
                throw CommandProblem.Usage("Name one thing: --delivery, --signal, --evaluation, --pending or --dispatch, with its id.", new NextStep("The newest dispatches", Command: "switchyard dispatch list"));
            }

            var trace = (await run.Server.GetAsync("api/v1/traces" + ApiClient.Query(query), cancellation))!;
            run.Printer.Result(trace, Describe(trace));
            return ExitCode.Ok;
        });
    }

    /// <summary>The ways that meet come first, each on a line of its own.</summary>
    public static string Describe(JsonNode trace)
    {
        var text = new StringBuilder();
        foreach (var way in (trace["into"] as JsonArray ?? []).OfType<JsonArray>())
        {
            text.AppendJoin(" -> ", way.OfType<JsonNode>().Select(Words)).Append(" ->\n");
        }

        if (Members.Number(trace, "moreInto") is > 0 and var more)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {more} earlier\n");
        }

        Steps(text, trace["steps"], 0);
        return text.ToString().TrimEnd();
    }

    private static void Steps(StringBuilder text, JsonNode? steps, int depth)
    {
        foreach (var step in (steps as JsonArray ?? []).OfType<JsonNode>())
        {
            text.Append(' ', 2 * depth).Append(Words(step)).Append(Members.At(step, "detail") is { Length: > 0 } detail ? $"  ({detail.ReplaceLineEndings(" ")})" : "").Append('\n');
            Steps(text, step["next"], depth + 1);
        }
    }

    private static string Words(JsonNode step) =>
        string.Join(' ', new[] { Members.At(step, "kind"), Members.At(step, "id"), Members.At(step, "name"), Members.At(step, "state"), Members.At(step, "outcome") }.Where(word => word is { Length: > 0 }));
}
