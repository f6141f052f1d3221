using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Takes local rules out of force. Rules of a repository go with their file there.</summary>
internal sealed class RuleDeleteCommand : Command
{
    public RuleDeleteCommand(Shell shell)
        : base("delete", "Take local rules out of force; rules of a repository are deleted there")
    {
        var name = new Argument<string>("name") { Description = "What `rule apply --name` called them; `rule sources` shows it" };
        var provider = new Option<string?>("--provider") { Description = "Whose, where there are several: its slug", HelpName = "P" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be taken out of force, and change nothing" };
        Add(name);
        Add(provider);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var called = run.Get(name)!;
            if (called.Contains('/', StringComparison.Ordinal))
            {
                throw CommandProblem.Usage($"The rules of {called} are in that repository: delete their file there and push.", new NextStep("Switch one rule off meanwhile", Command: "switchyard rule list"));
            }

            var rules = (await run.Server.ListAsync("api/v1/rules", [new("source", called), new("kind", "Local"), new("provider", run.Get(provider))], int.MaxValue, cancellation)).Items;
            if (rules.Count == 0 && !await IsThereAsync(run, called, run.Get(provider), cancellation))
            {
                throw CommandProblem.NotFound($"There are no local rules \"{called}\".", new NextStep("List the files of rules", Command: "switchyard rule sources"));
            }

            var what = $"local rules \"{called}\" ({Counted.Of(rules.Count, "rules")}{(rules.Count == 0 ? "" : ": " + string.Join(", ", rules.Take(10).Select(rule => Members.At(rule, "name"))))})";
            var done = !run.Get(dryRun);
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Take {what} out of force? What waits of them is not started.", run.Get(yes));
                await run.Server.DeleteAsync($"api/v1/rule-sources/local/{Uri.EscapeDataString(called)}{ApiClient.Query([new("provider", run.Get(provider))])}", cancellation);
            }

            run.Printer.Result(
                new JsonObject { ["name"] = called, ["rules"] = new JsonArray([.. rules.Select(rule => JsonValue.Create(Members.At(rule, "name")))]), ["done"] = done },
                done ? $"Out of force: {what}." : $"Would take {what} out of force.");
            return ExitCode.Ok;
        });
    }

    // A file of which no rule is in force can be taken out all the same.
    private static async Task<bool> IsThereAsync(Invocation run, string name, string? provider, CancellationToken cancellation) =>
        (await run.Server.ListAsync("api/v1/rule-sources", [new("provider", provider)], int.MaxValue, cancellation)).Items
            .Any(source => Members.At(source, "kind") == "Local" && Members.At(source, "state") != "Absent" && Members.At(source, "name") == name);
}
