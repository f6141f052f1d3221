using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Activity;

namespace Switchyard.Cli.Activity;

/// <summary>The newest of everything that happened, in one list.</summary>
internal sealed class ActivityCommand : Command
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("at", "When"),
        new("kind", "Kind"),
        new("id", "Id"),
        new("what", "What"),
        Column.State("state", "State"),
        new("repository", "Repository"),
        new("detail", "Detail"),
    ];

    public ActivityCommand(Shell shell)
        : base("activity", "What happened lately: deliveries, signals, what waits, dispatches and Syncs, newest first")
    {
        var repository = new Option<string?>("--repo") { Description = "owner/name", HelpName = "R" };
        var kind = WordOption.Create("--kind", ActivityStore.Kinds);
        Add(repository);
        Add(kind);
        shell.Run(this, async (run, cancellation) =>
        {
            var items = await run.Server.GetAsync("api/v1/activity" + ApiClient.Query([new("repository", run.Get(repository)), new("kind", run.Get(kind))]), cancellation);
            run.Printer.List([.. (items as JsonArray ?? []).OfType<JsonNode>()], Columns);
            return ExitCode.Ok;
        });
    }
}
