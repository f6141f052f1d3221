using System.CommandLine;
using Switchyard.Cli.Connection;

namespace Switchyard.Cli.Admin;

internal sealed class AdminTokenListCommand : Command
{
    public AdminTokenListCommand(Shell shell)
        : base("list", "API tokens, without the tokens themselves")
    {
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(run, "api/v1/tokens", [], run.Get(limit), AdminTokenColumns.List, cancellation));
    }
}
