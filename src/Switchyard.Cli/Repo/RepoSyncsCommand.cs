using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Repo;

internal sealed class RepoSyncsCommand : Command
{
    public RepoSyncsCommand(Shell shell)
        : base("syncs", "The Syncs of a repository, or of all, newest first")
    {
        var repository = RepositoryReference.Argument();
        repository.Arity = ArgumentArity.ZeroOrOne;
        var limit = Lists.Limit();
        Add(repository);
        Add(limit);
        shell.Run(this, (run, cancellation) =>
            Lists.ShowAsync(run, "api/v1/syncs", [new("repository", run.Get(repository))], run.Get(limit), RepoColumns.Syncs, cancellation));
    }
}
