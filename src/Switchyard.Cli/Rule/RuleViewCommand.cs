using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule;

/// <summary>A rule as a sentence (When, If, Then), and in the words of its file.</summary>
internal sealed class RuleViewCommand : Command
{
    public RuleViewCommand(Shell shell)
        : base("view", "One rule as a sentence, and as its file has it")
    {
        var reference = new RuleReference();
        reference.AddTo(this);
        shell.Run(this, async (run, cancellation) =>
        {
            var rule = await reference.ResolveAsync(run, cancellation);
            run.Printer.View(rule, RuleColumns.View);
            if (!run.Printer.IsJson && Members.At(rule, "text") is { Length: > 0 } text)
            {
                run.Terminal.Out.Write("\n" + Printable.Document(text));
            }

            return ExitCode.Ok;
        });
    }
}
