using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

/// <summary>A list that belongs to one repository: its problems, what is left out.</summary>
internal sealed class RepoSublistCommand : Command
{
    public RepoSublistCommand(Shell shell, string name, string description, IReadOnlyList<Column> columns)
        : base(name, description)
    {
        var repository = new RepositoryReference();
        var limit = Lists.Limit();
        repository.AddTo(this);
        Add(limit);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await repository.ResolveAsync(run, cancellation);
            return await Lists.ShowAsync(run, $"api/v1/repositories/{RepositoryReference.IdOf(found)}/{name}", [], run.Get(limit), columns, cancellation);
        });
    }
}
