using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

/// <summary><c>cancel</c>, <c>suspend</c> and <c>resume</c>: a POST without a body each.</summary>
internal sealed class RepoActionCommand : Command
{
    public RepoActionCommand(Shell shell, string name, string description, string done)
        : base(name, description)
    {
        var repository = new RepositoryReference();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        repository.AddTo(this);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await repository.ResolveAsync(run, cancellation);
            var fullName = Members.At(found, "fullName") ?? run.Get(repository.Repository)!;
            if (run.Get(dryRun))
            {
                run.Printer.Result(Outcome(fullName, name, done: false), $"Would {name} {fullName}.");
                return ExitCode.Ok;
            }

            var answer = await run.Server.PostAsync($"api/v1/repositories/{RepositoryReference.IdOf(found)}/{name}", null, cancellation);
            var nothing = Members.Number(answer, "cancelled") == 0;
            run.Printer.Result(
                Outcome(fullName, name, done: !nothing), nothing ? $"{fullName}: nothing is queued or running, so there was nothing to {name}." : $"{fullName}: {done}.");
            return ExitCode.Ok;
        });
    }

    private static JsonObject Outcome(string repository, string action, bool done) => new() { ["repository"] = repository, ["action"] = action, ["done"] = done };
}
