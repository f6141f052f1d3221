using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Repositories;

namespace Switchyard.Cli.Repo;

/// <summary>One action for all repositories that a filter shows: first the plan, then, when that is agreed to, the action.</summary>
internal sealed class RepoBulkCommand : Command
{
    public RepoBulkCommand(Shell shell)
        : base("bulk", "Synchronize, cancel, suspend or resume all repositories that match")
    {
        var action = new Argument<string>("action") { Description = "sync, sync-full, cancel, suspend or resume" };
        var query = new Option<string?>("--query") { Description = "Part of the name", HelpName = "TEXT" };
        var status = WordOption.Create("--status", RepositoryStatus.All);
        var health = WordOption.Create("--health", RepositoryHealth.All);
        var provider = Lists.Provider();
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan, and change nothing" };
        action.AcceptOnlyFromAmong("sync", "sync-full", "cancel", "suspend", "resume");
        Add(action);
        foreach (var option in (Option[])[query, status, health, provider, yes, dryRun])
        {
            Add(option);
        }

        shell.Run(this, async (run, cancellation) =>
        {
            JsonObject Request(bool plan, string? expected) => new()
            {
                ["action"] = run.Get(action),
                ["q"] = run.Get(query),
                ["status"] = run.Get(status),
                ["health"] = run.Get(health),
                ["provider"] = run.Get(provider),
                ["expected"] = expected is null ? null : int.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
                ["dryRun"] = plan,
            };
            var planned = (await run.Server.PostAsync("api/v1/repositories/bulk", Request(true, null), cancellation))!;
            var count = Members.At(planned, "repositories")!;
            if (run.Get(dryRun) || count == "0")
            {
                run.Printer.Result(planned, Describe(planned, $"Would {run.Get(action)} {count}; {Members.At(planned, "left")} are left as they are."));
                return ExitCode.Ok;
            }

            Confirmation.Require(run.Terminal, $"{run.Get(action)}: {count} repositories?", run.Get(yes));
            var done = (await run.Server.PostAsync("api/v1/repositories/bulk", Request(false, count), cancellation))!;
            var failed = (Members.Member(done, "failed") as JsonArray ?? []).Select(one => $"{Members.At(one, "repository")}: {Members.At(one, "reason")}").ToList();
            run.Printer.Result(done, string.Join('\n', failed.Append($"{run.Get(action)}: {Members.At(done, "done")} of {count}.")));
            return failed.Count == 0 ? ExitCode.Ok : ExitCode.OtherSideFailed;
        });
    }

    private static string Describe(JsonNode planned, string sum) =>
        string.Join('\n', (Members.Member(planned, "sample") as JsonArray ?? []).Select(name => name!.ToString()).Append(sum));
}
