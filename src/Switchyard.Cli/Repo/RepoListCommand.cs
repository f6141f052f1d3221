using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Repositories;

namespace Switchyard.Cli.Repo;

internal sealed class RepoListCommand : Command
{
    public RepoListCommand(Shell shell)
        : base("list", "Repositories with their status")
    {
        var query = new Option<string?>("--query") { Description = "Part of the name", HelpName = "TEXT" };
        var status = WordOption.Create("--status", RepositoryStatus.All);
        var health = WordOption.Create("--health", RepositoryHealth.All);
        var provider = Lists.Provider();
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(query);
        Add(status);
        Add(health);
        Add(provider);
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(
            run,
            "api/v1/repositories",
            [new("q", run.Get(query)), new("status", run.Get(status)), new("health", run.Get(health)), new("provider", run.Get(provider))],
            run.Get(limit),
            RepoColumns.List,
            cancellation));
    }
}
