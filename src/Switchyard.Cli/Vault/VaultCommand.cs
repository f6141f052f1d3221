using System.CommandLine;

namespace Switchyard.Cli.Vault;

internal sealed class VaultCommand : Command
{
    public VaultCommand(Shell shell)
        : base("vault", "Where the server keeps its secrets; a value is never shown")
    {
        Add(new VaultListCommand(shell));
        Add(new VaultStatusCommand(shell));
        Add(new VaultMoveCommand(shell));
    }
}
