using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

internal sealed class AdminTargetRemoveCommand : Command
{
    public AdminTargetRemoveCommand(Shell shell)
        : base("remove", "Allow it no longer; what was started stays")
    {
        var target = new Argument<string>("target") { Description = "The id that `admin target list` shows, or the pattern" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be removed, and remove nothing" };
        Add(target);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var (id, pattern) = await FindAsync(run, run.Get(target)!, cancellation);
            var done = !run.Get(dryRun);
            if (done)
            {
                Confirmation.Require(run.Terminal, $"Let rules no longer start anything in {pattern}? Rules that do are refused from now on.", run.Get(yes));
                await run.Server.DeleteAsync("api/v1/targets/" + id, cancellation);
            }

            run.Printer.Result(
                new JsonObject { ["id"] = id, ["pattern"] = pattern, ["done"] = done },
                done ? $"{pattern} is no longer allowed." : $"Would no longer allow {pattern}.");
            return ExitCode.Ok;
        });
    }

    private static async Task<(string Id, string Pattern)> FindAsync(Invocation run, string given, CancellationToken cancellation)
    {
        var all = (await run.Server.ListAsync("api/v1/targets", [], int.MaxValue, cancellation)).Items;
        var found = all.Where(item => Members.At(item, "id") == given || Members.At(item, "pattern") == given).ToList();
        return found switch
        {
            [var one] => (Members.At(one, "id")!, Members.At(one, "pattern")!),
            [] => throw CommandProblem.NotFound($"\"{given}\" is not allowed by an entry of its own.", new NextStep("List entries", Command: "switchyard admin target list")),
            _ => throw new CommandProblem(
                ExitCode.Conflict, "Ambiguous", $"Several providers have {given}: {string.Join(", ", found.Select(item => $"{Members.At(item, "id")} of {Members.At(item, "provider")}"))}. Give one of these ids."),
        };
    }
}
