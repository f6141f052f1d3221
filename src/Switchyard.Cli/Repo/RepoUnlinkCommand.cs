using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

/// <summary>Takes a repository out of the hub; what goes is said first.</summary>
internal sealed class RepoUnlinkCommand : Command
{
    public RepoUnlinkCommand(Shell shell)
        : base("unlink", "Take a repository out of the hub; no file in GitHub is changed")
    {
        var repository = new RepositoryReference();
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the plan and remove nothing" };
        repository.AddTo(this);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await repository.ResolveAsync(run, cancellation);
            var (id, fullName) = (RepositoryReference.IdOf(found), Members.At(found, "fullName") ?? run.Get(repository.Repository)!);
            run.Printer.Say(
                $"Plan: unlink {fullName}. Its {Counted.Of(Members.Number(found, "models") ?? 0, "models")} with {Counted.Of(Members.Number(found, "versions") ?? 0, "versions")} and its Syncs leave the hub. "
                + $"No file in GitHub is changed. It stays out until `{run.Terminal.Program} repo link {fullName} --provider {Members.At(found, "provider")}`.");
            if (!run.Get(dryRun))
            {
                Confirmation.Require(run.Terminal, $"Unlink {fullName}?", run.Get(yes));
                using var answer = await run.Server.SendAsync(HttpMethod.Delete, "api/v1/repositories/" + id, null, cancellation);
            }

            run.Printer.Result(
                new JsonObject { ["repository"] = fullName, ["id"] = id, ["done"] = !run.Get(dryRun) },
                run.Get(dryRun) ? $"Would unlink {fullName}." : $"{fullName} is unlinked.");
            return ExitCode.Ok;
        });
    }
}
