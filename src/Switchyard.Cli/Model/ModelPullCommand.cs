using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

internal sealed class ModelPullCommand : Command
{
    public ModelPullCommand(Shell shell)
        : base("pull", "Download a model: a file, or the files of a folder model")
    {
        var model = new ModelReference();
        var version = new Option<string?>("--version") { Description = "Number or commit; the newest where nothing is said", HelpName = "V" };
        var output = new Option<string?>("--output", "-o") { Description = "File or folder to write; - is standard output", HelpName = "PATH" };
        var yes = new Option<bool>("--yes") { Description = "Write over what is there" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be written, and write nothing" };
        model.AddTo(this);
        Add(version);
        Add(output);
        Add(yes);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var found = await model.ResolveAsync(run, cancellation);
            var id = ModelReference.IdOf(found);
            var path = run.Get(version) is { } wanted ? $"api/v1/models/{id}/versions/{Uri.EscapeDataString(wanted)}/content" : $"api/v1/models/{id}/content";
            var isFolder = Members.At(found, "kind") == "Folder";
            // A folder model may be the repository itself.
            var name = (Members.At(found, "path") is { Length: > 0 } place ? place : Members.At(found, "repository") ?? "model").TrimEnd('/').Split('/')[^1];
            var target = run.Get(output) is not { } given ? run.PathOf(PullTarget.SafeName(name))
                : given == "-" ? "-"
                : Path.EndsInDirectorySeparator(given) || (Directory.Exists(run.PathOf(given)) && !isFolder) ? Path.Combine(run.PathOf(given), PullTarget.SafeName(name))
                : run.PathOf(given);
            if (run.Get(dryRun))
            {
                run.Printer.Result(new JsonObject { ["path"] = target, ["done"] = false }, $"Would write {target}.");
                return ExitCode.Ok;
            }

            using var response = await run.Server.SendAsync(HttpMethod.Get, path, null, cancellation);
            if (target == "-")
            {
                await PullTarget.ToStandardOutputAsync(response, run.Terminal, cancellation);
                return ExitCode.Ok;
            }

            using var progress = run.Progress();
            var written = isFolder
                ? await PullTarget.ToFolderAsync(response, target, run.Get(yes), progress, cancellation)
                : await PullTarget.ToFileAsync(response, target, run.Get(yes), progress, cancellation);
            run.Printer.Result(
                new JsonObject { ["path"] = target, ["bytes"] = written.Bytes, ["sha256"] = written.Sha256, ["done"] = true },
                $"{target} ({written.Bytes:N0} bytes)");
            return ExitCode.Ok;
        });
    }
}
