using System.CommandLine;

namespace Switchyard.Cli.Admin;

internal sealed class AdminCommand : Command
{
    public AdminCommand(Shell shell)
        : base("admin", "Who may use the server, and what rules may start")
    {
        Add(new Command("token", "API tokens of the server")
        {
            new AdminTokenCreateCommand(shell),
            new AdminTokenListCommand(shell),
            new AdminTokenRevokeCommand(shell),
        });
        Add(new AdminSignInCommand(shell));
        Add(new AdminTargetCommand(shell));
        Add(new AdminAccessCommand(shell));
        Add(new AdminUserCommand(shell));
        Add(new AdminAuditCommand(shell));
    }
}
