using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

internal sealed class RepoSyncCommand : Command
{
    public RepoSyncCommand(Shell shell)
        : base("sync", "Synchronize a repository: what changed (default), all of it, or from a commit")
    {
        var repository = new RepositoryReference();
        var recent = new Option<bool>("--recent") { Description = "Read the model files that changed since the last Sync (default)" };
        var full = new Option<bool>("--full") { Description = "Read every model file at the head and the whole history again" };
        var from = new Option<string?>("--from") { Description = "Replay the changes from this commit up to the head", HelpName = "COMMIT" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        var wait = new OperationWait();
        repository.AddTo(this);
        from.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && (given.Value is not { Length: >= 4 and <= 64 } || !given.Value.All(char.IsAsciiHexDigit)))
            {
                result.AddError($"--from is \"{given.Value}\"; it must be a commit, as 4 or more digits of its SHA");
            }
        });
        Add(recent);
        Add(full);
        Add(from);
        Add(dryRun);
        wait.AddTo(this);
        Validators.Add(result =>
        {
            var chosen = (result.GetValue(recent) ? 1 : 0) + (result.GetValue(full) ? 1 : 0) + (result.GetValue(from) is null ? 0 : 1);
            if (chosen > 1)
            {
                result.AddError("Only one of --recent, --full and --from can be given");
            }
        });
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await repository.ResolveAsync(run, cancellation);
            var name = Members.At(found, "fullName") ?? run.Get(repository.Repository)!;
            var body = new JsonObject { ["mode"] = run.Get(full) ? "full" : run.Get(from) is null ? "recent" : "from-commit", ["from"] = run.Get(from) };
            if (run.Get(dryRun))
            {
                run.Printer.Result(new JsonObject { ["repository"] = name, ["request"] = body, ["done"] = false }, $"Would synchronize {name} ({body["mode"]}).");
                return ExitCode.Ok;
            }

            var accepted = await run.Server.PostAsync($"api/v1/repositories/{RepositoryReference.IdOf(found)}/sync", body, cancellation);
            var operation = Members.At(accepted, "id") ?? Members.At(accepted, "location")?.Split('/')[^1]
                ?? throw new CommandProblem(ExitCode.OtherSideFailed, "NoOperation", "The server took the request and did not say under which operation.");
            if (!run.Get(wait.Wait))
            {
                run.Printer.Result(
                    accepted!, Members.At(accepted, "joined") == "true" ? $"Joined the Sync that was queued already: operation {operation}." : $"Queued: operation {operation}.");
                run.Printer.Say($"Follow it:  {run.Terminal.Program} repo syncs {name} --provider {Members.At(found, "provider")}   (--wait waits for its end)");
                return ExitCode.Ok;
            }

            var ended = await wait.FollowAsync(run, operation, cancellation);
            run.Printer.Result(ended, Summary(name, ended));
            return ExitCode.Ok;
        });
    }

    private static string Summary(string name, JsonObject ended)
    {
        var result = Members.Member(ended, "result") ?? ended;
        return $"{name}: {Members.At(ended, "state")}, models +{Members.At(result, "modelsAdded") ?? "0"} ~{Members.At(result, "modelsChanged") ?? "0"} "
            + $"-{Members.At(result, "modelsRemoved") ?? "0"}, {Counted.Of(Members.Number(result, "versionsAdded") ?? 0, "versions")}, {Counted.Of(Members.Number(result, "problems") ?? 0, "problems")}.";
    }
}
