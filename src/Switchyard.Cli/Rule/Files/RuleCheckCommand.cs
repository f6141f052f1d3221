using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Judges a file of rules: by itself, or by a server where one is named.</summary>
internal sealed class RuleCheckCommand : Command
{
    public RuleCheckCommand(Shell shell)
        : base("check", "Judge a file of rules, every error at once; a server that is named (--server, SWITCHYARD_URL) knows the targets and the other files as well")
    {
        var options = new RuleFileOptions();
        options.AddTo(this);
        shell.Run(this, async (run, cancellation) =>
        {
            var (text, name) = (await options.ReadAsync(run, cancellation), options.Name(run));
            var place = await options.PlaceAsync(run, cancellation);
            var judged = run.NamesServer ? await JudgedFile.ByServerAsync(run, place, text, options.Provider(run), cancellation) : JudgedFile.Here(place, text);
            if (run.Printer.IsJson)
            {
                run.Printer.Result(judged.ToJson(name), "");
            }
            else
            {
                JudgedFile.Print(run, name, judged.Problems);
                run.Printer.Say(judged.Summary(name));
                if (JudgedFile.Hint(run, place, judged.Problems, $"rule check {name}") is { } hint)
                {
                    run.Printer.Say(hint);
                }

                if (run.NamesServer && !judged.IsGood)
                {
                    run.Printer.Say("Not looked at, as long as there are errors: the workflow files of the targets.");
                }

                if (!run.NamesServer)
                {
                    run.Printer.Say("Not looked at, as only a server knows them: the targets, their workflow files, rules of other files. Name one with --server or SWITCHYARD_URL.");
                }
            }

            return judged.IsGood ? ExitCode.Ok : ExitCode.Findings;
        });
    }
}
