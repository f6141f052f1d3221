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
        var repository = RepositoryReference.Argument();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        Add(repository);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await RepositoryReference.ResolveAsync(run.Server, run.Get(repository)!, cancellation);
            var fullName = JsonText.At(found, "fullName") ?? run.Get(repository)!;
            if (!run.Get(dryRun))
            {
                await run.Server.PostAsync($"api/v1/repositories/{RepositoryReference.IdOf(found)}/{name}", null, cancellation);
            }

            run.Printer.Result(
                new JsonObject { ["repository"] = fullName, ["action"] = name, ["done"] = !run.Get(dryRun) },
                run.Get(dryRun) ? $"Would {name} {fullName}." : $"{fullName}: {done}.");
            return ExitCode.Ok;
        });
    }
}
