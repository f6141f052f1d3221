using System.CommandLine;
using Switchyard.Cli.Rule.Explain;
using Switchyard.Cli.Rule.Files;

namespace Switchyard.Cli.Rule;

internal sealed class RuleCommand : Command
{
    public RuleCommand(Shell shell)
        : base("rule", "Rules: what a change in one repository starts in others")
    {
        Add(new RuleListCommand(shell));
        Add(new RuleViewCommand(shell));
        Add(new RuleInitCommand(shell));
        Add(new RuleCheckCommand(shell));
        Add(new RuleTestCommand(shell));
        Add(new RuleApplyCommand(shell));
        Add(new RuleDeleteCommand(shell));
        Add(new RuleExplainCommand(shell));
        Add(new RuleStartCommand(shell));
        Add(new RuleSwitchCommand(shell, "enable", "Switch a rule on", "enabled"));
        Add(new RuleSwitchCommand(shell, "disable", "Switch a rule off; what waits of it is cancelled", "disabled"));
        Add(new RuleHistoryCommand(shell));
        Add(new RuleSourcesCommand(shell));
        Add(new RuleSchemaCommand(shell));
    }
}
