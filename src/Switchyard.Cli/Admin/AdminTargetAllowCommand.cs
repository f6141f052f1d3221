using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

internal sealed class AdminTargetAllowCommand : Command
{
    public AdminTargetAllowCommand(Shell shell)
        : base("allow", "Let rules start something in a repository, or in those that a pattern names")
    {
        var pattern = new Argument<string>("pattern") { Description = "owner/name; * and ? stand for letters, as in acme-tests/*" };
        var provider = new Option<string?>("--provider") { Description = "Of which provider, where there are several: its slug", HelpName = "P" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be allowed, and change nothing" };
        pattern.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && given.Value.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                result.AddError($"\"{given.Value}\" names no repositories; write owner/name, or a pattern as acme-tests/*");
            }
        });
        Add(pattern);
        Add(provider);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var request = new JsonObject { ["pattern"] = run.Get(pattern), ["provider"] = run.Get(provider) };
            if (run.Get(dryRun))
            {
                run.Printer.Result(request, $"Would let rules start something in {run.Get(pattern)}.");
                return ExitCode.Ok;
            }

            var target = (await run.Server.PostAsync("api/v1/targets", request, cancellation))!;
            run.Printer.Result(target, $"Rules may start something in {Members.At(target, "pattern")}. Files of rules that were refused for it are judged again.");
            return ExitCode.Ok;
        });
    }
}
