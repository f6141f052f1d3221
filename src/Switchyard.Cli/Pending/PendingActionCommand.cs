using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Pending;

/// <summary><c>now</c> and <c>cancel</c>: a POST without a body for each id.</summary>
internal sealed class PendingActionCommand : Command
{
    public PendingActionCommand(Shell shell, string name, string description, string done)
        : base(name, description)
    {
        var ids = IdArgument.Create<string[]>("pending list", several: true, prefix: 'p');
        ids.Description = "Ids that `pending list` shows";
        ids.Arity = ArgumentArity.OneOrMore;
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        Add(ids);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var named = run.Get(ids)!.Distinct(StringComparer.Ordinal).ToList();
            foreach (var id in run.Get(dryRun) ? [] : named)
            {
                await run.Server.PostAsync($"api/v1/pendings/{id}/{name}", null, cancellation);
            }

            var all = string.Join(", ", named);
            run.Printer.Result(
                new JsonObject { ["ids"] = new JsonArray([.. named.Select(id => JsonValue.Create(id))]), ["action"] = name, ["done"] = !run.Get(dryRun) },
                run.Get(dryRun) ? $"Would {(name == "now" ? "end the quiet period of" : name)} {all}." : $"{all} {(named.Count == 1 ? done : done.Replace("waits", "wait", StringComparison.Ordinal).Replace("is ", "are ", StringComparison.Ordinal))}.");
            return ExitCode.Ok;
        });
    }
}
