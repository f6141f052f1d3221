using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Puts a file in force as local rules of the server. One with errors changes nothing.</summary>
internal sealed class RuleApplyCommand : Command
{
    public RuleApplyCommand(Shell shell)
        : base("apply", "Put a file of rules in force as local rules of the server; with errors nothing changes")
    {
        var file = new Argument<string>("file") { Description = "The file of rules; - is standard input" };
        var name = new Option<string>("--name") { Description = "What the rules are called here; those of the same name are replaced", HelpName = "NAME", DefaultValueFactory = _ => RulePlace.LocalName };
        var provider = new Option<string?>("--provider") { Description = "Whose repositories they are about, where there are several: its slug", HelpName = "P" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Have the server judge it, and change nothing" };
        Add(file);
        Add(name);
        Add(provider);
        Add(dryRun);
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= 100 } given || given.Contains('/', StringComparison.Ordinal))
            {
                result.AddError("--name must be 1 to 100 characters without a slash");
            }
        });
        shell.Run(this, async (run, cancellation) =>
        {
            var (text, called) = (await RuleFileOptions.ReadAsync(run, run.Get(file)!, cancellation), run.Get(file) is "-" ? "stdin" : run.Get(file)!);
            var judged = await JudgedFile.ByServerAsync(run, RulePlace.Local(run.Get(name)), text, run.Get(provider), cancellation);
            if (!judged.IsGood || run.Get(dryRun))
            {
                return Judged(run, judged, called);
            }

            var path = "api/v1/rule-sources/local/" + Uri.EscapeDataString(run.Get(name)!);
            var source = (await run.Server.PutAsync(path, new JsonObject { ["text"] = text, ["provider"] = run.Get(provider) }, cancellation))!;
            foreach (var line in run.Printer.IsJson ? [] : judged.Problems.SelectMany(problem => problem.Lines(called)))
            {
                run.Printer.Say(line);
            }

            run.Printer.Result(source, $"{Counted.Of(judged.Rules.Count, "rules")} of {called} in force as {judged.Place}, revision {Members.At(source, "revision")}.");
            return ExitCode.Ok;
        });
    }

    private static int Judged(Invocation run, JudgedFile judged, string called)
    {
        if (run.Printer.IsJson)
        {
            var json = judged.ToJson(called);
            json["done"] = false;
            run.Printer.Result(json, "");
        }
        else
        {
            JudgedFile.Print(run, called, judged.Problems);
            run.Printer.Say(judged.IsGood ? $"{judged.Summary(called)} Nothing was changed (--dry-run)." : $"{judged.Summary(called)} Nothing was changed.");
        }

        return judged.IsGood ? ExitCode.Ok : ExitCode.Findings;
    }
}
