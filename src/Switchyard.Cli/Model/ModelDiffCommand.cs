using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

internal sealed class ModelDiffCommand : Command
{
    public ModelDiffCommand(Shell shell)
        : base("diff", "What has changed in the text of a model between two versions")
    {
        var model = new ModelReference();
        var from = new Option<string?>("--from") { Description = "Number or commit of the old version; the one before --to where nothing is said", HelpName = "V" };
        var to = new Option<string?>("--to") { Description = "Number or commit of the new version; the newest where nothing is said", HelpName = "V" };
        var context = new Option<int>("--context") { Description = "Lines around each change", HelpName = "N", DefaultValueFactory = _ => 3 };
        context.Validators.Add(WholeNumber.From(0, 50));
        var exitCode = new Option<bool>("--exit-code") { Description = "End with 3 where there are differences" };
        model.AddTo(this);
        Add(from);
        Add(to);
        Add(context);
        Add(exitCode);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await model.ResolveAsync(run, cancellation);
            var query = ApiClient.Query([new("from", run.Get(from)), new("to", run.Get(to)), new("context", run.Get(context).ToString(CultureInfo.InvariantCulture))]);
            var diff = await run.Server.GetAsync($"api/v1/models/{ModelReference.IdOf(found)}/diff{query}", cancellation) ?? throw new FormatException("The server answered nothing.");
            var same = Members.At(diff, "same") == "true";
            var text = same ? "" : Text(diff, Members.At(found, "path") ?? "");
            if (run.Printer.IsJson || text.Length > 0)
            {
                run.Printer.Result(diff, text);
            }

            if (!run.Printer.IsJson)
            {
                run.Printer.Say(same
                    ? $"v{Members.At(diff, "from.number")} and v{Members.At(diff, "to.number")} are the same."
                    : $"v{Members.At(diff, "from.number")} -> v{Members.At(diff, "to.number")}: {Members.At(diff, "added")} lines added, {Members.At(diff, "removed")} removed.");
                foreach (var file in Files(diff).Where(file => Members.At(file, "note") is not null))
                {
                    run.Printer.Say($"{Members.At(file, "name")}: {Members.At(file, "note")}");
                }
            }

            return run.Get(exitCode) && !same ? ExitCode.Findings : ExitCode.Ok;
        });
    }

    private static IEnumerable<JsonNode> Files(JsonNode diff) => Items(diff, "files");

    private static IEnumerable<JsonNode> Items(JsonNode node, string name) => (Members.Member(node, name) as JsonArray ?? []).OfType<JsonNode>();

    /// <summary>As <c>diff -u</c> writes it, so that other tools can read it.</summary>
    private static string Text(JsonNode diff, string path)
    {
        var text = new StringBuilder();
        var isFolder = Files(diff).Any(file => Members.At(file, "name") != path.Split('/')[^1]);
        foreach (var file in Files(diff).Where(file => Items(file, "hunks").Any()))
        {
            var name = isFolder ? $"{path}/{Members.At(file, "name")}".TrimStart('/') : path;
            text.Append(CultureInfo.InvariantCulture, $"--- {(Members.At(file, "state") == "Added" ? "/dev/null" : $"a/{name}")}\tv{Members.At(diff, "from.number")}\n");
            text.Append(CultureInfo.InvariantCulture, $"+++ {(Members.At(file, "state") == "Removed" ? "/dev/null" : $"b/{name}")}\tv{Members.At(diff, "to.number")}\n");
            foreach (var hunk in Items(file, "hunks"))
            {
                text.Append(CultureInfo.InvariantCulture, $"@@ -{Members.At(hunk, "oldStart")},{Members.At(hunk, "oldCount")} +{Members.At(hunk, "newStart")},{Members.At(hunk, "newCount")} @@\n");
                foreach (var line in Items(hunk, "lines"))
                {
                    text.Append(Members.At(line, "kind") switch { "Added" => '+', "Removed" => '-', _ => ' ' }).Append(Members.At(line, "text")).Append('\n');
                    if (Members.At(line, "unterminated") == "true")
                    {
                        text.Append("\\ No newline at end of file\n");
                    }
                }
            }
        }

        return text.ToString();
    }
}
