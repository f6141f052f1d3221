using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Delivery;

/// <summary>
/// Works deliveries off again from their stored body. Named ones at once; by filter first as a plan that has to be agreed to.
/// </summary>
internal sealed class DeliveryReplayCommand : Command
{
    private const int MostAtOnce = 10_000;

    public DeliveryReplayCommand(Shell shell)
        : base("replay", "Work deliveries off again from their stored body")
    {
        var ids = IdArgument.Create<string[]>("delivery list", several: true);
        var filters = new DeliveryFilters();
        var since = Durations.Option("--since", "Received no longer ago than, e.g. 24h");
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the plan and replay nothing" };
        Add(ids);
        filters.AddTo(this);
        Add(since);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var named = run.Get(ids) ?? [];
            var wanted = filters.Of(run);
            var filtered = wanted.Any(filter => filter.Value is not null) || run.Get(since) is not null;
            if (named.Length == 0 == !filtered)
            {
                throw CommandProblem.Usage(
                    "Say which deliveries: ids, or filters as --state failed --since 24h, not both.", new NextStep("List the failed ones", Command: "switchyard delivery list --state failed"));
            }

            if (filtered)
            {
                named = await PlanAsync(run, wanted, run.Get(since), cancellation);
            }

            if (!run.Get(dryRun) && filtered && named.Length > 0)
            {
                Confirmation.Require(run.Terminal, "Replay them?", run.Get(yes));
            }

            return await ReplayAsync(run, named, run.Get(dryRun), cancellation);
        });
    }

    private static async Task<string[]> PlanAsync(Invocation run, IReadOnlyList<KeyValuePair<string, string?>> filters, string? since, CancellationToken cancellation)
    {
        var age = since is null ? TimeSpan.MaxValue : Durations.Parse(since);
        var now = run.Terminal.Time.GetUtcNow();
        var listing = await run.Server.ListAsync("api/v1/deliveries", filters, MostAtOnce, cancellation);
        var chosen = listing.Items
            .Where(item => DateTimeOffset.TryParse(Members.At(item, "receivedAt"), CultureInfo.InvariantCulture, out var at) && now - at <= age)
            .ToList();
        var events = string.Join(", ", chosen.GroupBy(item => Members.At(item, "event")).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}"));
        var repositories = chosen.Select(item => Members.At(item, "repository")).Distinct(StringComparer.OrdinalIgnoreCase).Count();
        var oldest = chosen.Count == 0 ? "" : $" Oldest {Members.At(chosen[^1], "receivedAt")}.";
        run.Printer.Say($"Plan: {Counted.Of(chosen.Count, "deliveries")}{(chosen.Count == 0 ? "" : $" ({events}) in {Counted.Of(repositories, "repositories")}")}; {Counted.Of(listing.Total - chosen.Count, "others")} left out.{oldest}");

        // Oldest first, as they came.
        return [.. chosen.AsEnumerable().Reverse().Select(item => Members.At(item, "id")!)];
    }

    private static async Task<int> ReplayAsync(Invocation run, string[] ids, bool dryRun, CancellationToken cancellation)
    {
        using (var progress = run.Progress())
        {
            for (var i = 0; i < ids.Length && !dryRun; i++)
            {
                await run.Server.PostAsync($"api/v1/deliveries/{Uri.EscapeDataString(ids[i])}/replay", null, cancellation);
                progress.Report("Replaying", i + 1, ids.Length);
            }
        }

        run.Printer.Result(
            new JsonObject { ["deliveries"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]), ["done"] = !dryRun },
            dryRun ? $"Would replay {Counted.Of(ids.Length, "deliveries")}." : $"Queued {Counted.Of(ids.Length, "deliveries")} again.");
        return ExitCode.Ok;
    }
}
