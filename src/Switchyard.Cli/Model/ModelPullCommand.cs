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
            var status = response.Headers.TryGetValues("X-Switchyard-Model-Status", out var said) ? said.First() : null;
            var warning = WarningOf(run, status, found, run.Get(version) is not null);
            if (warning is not null)
            {
                // Whoever goes on with these bytes must know, however quiet the rest is.
                run.Terminal.Error.WriteLine(warning);
            }

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
                new JsonObject { ["path"] = target, ["bytes"] = written.Bytes, ["sha256"] = written.Sha256, ["status"] = status, ["done"] = true },
                $"{target} ({written.Bytes:N0} bytes{(status == "Pointer" ? ", a Git LFS pointer and not the model" : "")})");
            return ExitCode.Ok;
        });
    }

    /// <summary>What is pulled is not what one would take it for.</summary>
    private static string? WarningOf(Invocation run, string? status, JsonObject model, bool isVersion) => status switch
    {
        "Pointer" => $"{Members.At(model, "path")} is a Git LFS pointer: the model itself{(!isVersion && Members.Number(model, "facts.lfsSize") is { } size ? $" ({size:N0} bytes)" : "")} is in Git LFS and not in the hub. "
            + $"What you get is the pointer. For the model: {run.Terminal.Program} clone {Members.At(model, "repository")}, then git lfs pull.",
        "Failed" => $"{Members.At(model, "path")} cannot be read as a model in this version; you get the file as it is."
            + (!isVersion && ModelColumns.IsStale(model) ? $" The last version that can be read: --version {Members.At(model, "shownVersion")}." : ""),
        _ => null,
    };
}
