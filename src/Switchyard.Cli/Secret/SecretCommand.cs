using System.CommandLine;

namespace Switchyard.Cli.Secret;

internal sealed class SecretCommand : Command
{
    public SecretCommand(Shell shell)
        : base("secret", "Secrets of GitHub Actions, without a server; values are never shown")
    {
        Add(new SecretListCommand(shell));
        Add(new SecretSetCommand(shell));
        Add(new SecretRemoveCommand(shell));
    }
}
