using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Cli.Repo;

internal sealed class RepoSyncsCommand : Command
{
    public RepoSyncsCommand(Shell shell)
        : base("syncs", "The Syncs of a repository, or of all, newest first")
    {
        var repository = new RepositoryReference();
        var state = WordOption.Create("--state", SyncState.All);
        repository.Repository.Arity = ArgumentArity.ZeroOrOne;
        var limit = Lists.Limit();
        repository.AddTo(this);
        Add(state);
        Add(limit);
        shell.Run(this, (run, cancellation) =>
            Lists.ShowAsync(run, "api/v1/syncs", [new("repository", run.Get(repository.Repository)), new("provider", run.Get(repository.Provider)), new("state", run.Get(state))], run.Get(limit), RepoColumns.Syncs, cancellation));
    }
}
