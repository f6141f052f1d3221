using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Repo;

/// <summary>What an App is installed on is linked by itself; with a token as provider each repository is named.</summary>
internal sealed class RepoLinkCommand : Command
{
    public RepoLinkCommand(Shell shell)
        : base("link", "Link a repository that a provider can read")
    {
        var repository = new Argument<string>("repository") { Description = "owner/name" };
        var provider = new Option<string>("--provider") { Description = "Slug of the provider", HelpName = "P", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        Add(repository);
        Add(provider);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var request = new JsonObject { ["provider"] = run.Get(provider), ["repository"] = run.Get(repository) };
            if (run.Get(dryRun))
            {
                run.Printer.Result(request, $"Would link {run.Get(repository)} of {run.Get(provider)}.");
                return ExitCode.Ok;
            }

            var linked = (await run.Server.PostAsync("api/v1/repositories", request, cancellation))!;
            run.Printer.Result(linked, $"{Members.At(linked, "fullName")} is linked.");
            return ExitCode.Ok;
        });
    }
}
