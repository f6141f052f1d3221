using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule;

/// <summary><c>enable</c> and <c>disable</c>.</summary>
internal sealed class RuleSwitchCommand : Command
{
    public RuleSwitchCommand(Shell shell, string name, string description, string done)
        : base(name, description)
    {
        var reference = new RuleReference();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be asked of the server, and ask nothing" };
        reference.AddTo(this);
        Add(dryRun);
        shell.Run(this, async (run, cancellation) =>
        {
            var rule = await reference.ResolveAsync(run, cancellation);
            var called = $"\"{Members.At(rule, "name")}\" of {Members.At(rule, "source")}";
            if (run.Get(dryRun))
            {
                run.Printer.Result(new JsonObject { ["id"] = RuleReference.IdOf(rule), ["action"] = name, ["done"] = false }, $"Would {name} rule {called}.");
                return ExitCode.Ok;
            }

            var answer = (await run.Server.PostAsync($"api/v1/rules/{RuleReference.IdOf(rule)}/{name}", null, cancellation))!;
            run.Printer.Result(answer, $"Rule {called} is {done}.");
            return ExitCode.Ok;
        });
    }
}
