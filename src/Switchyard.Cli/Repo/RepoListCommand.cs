using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Repo;

internal sealed class RepoListCommand : Command
{
    public RepoListCommand(Shell shell)
        : base("list", "Repositories with their status")
    {
        var query = new Option<string?>("--query") { Description = "Part of the name", HelpName = "TEXT" };
        var status = new Option<string?>("--status") { Description = "Synced, OutOfSync or Unknown", HelpName = "WORD" };
        var health = new Option<string?>("--health") { Description = "Healthy, Degraded, Missing, Suspended or Unknown", HelpName = "WORD" };
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(query);
        Add(status);
        Add(health);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/repositories",
            [new("q", run.Get(query)), new("status", run.Get(status)), new("health", run.Get(health))],
            run.Get(limit),
            RepoColumns.List,
            cancellation));
    }
}
