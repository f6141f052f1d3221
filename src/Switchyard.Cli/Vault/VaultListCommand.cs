using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Vault;

/// <summary>What may be told of the secrets.</summary>
internal sealed class VaultListCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("scope", "Of"),
        new("name", "Secret"),
        new("kind", "Vault"),
        new("fingerprint", "Fingerprint"),
        new("setBy", "Set by"),
        new("updatedAt", "Set at"),
    ];

    public VaultListCommand(Shell shell)
        : base("list", "Secrets by name: in which vault, who set them and when")
    {
        var limit = Lists.Limit();
        Aliases.Add("ls");
        Add(limit);
        shell.Run(this, (run, cancellation) => Lists.ShowAsync(run, "api/v1/vault/secrets", [], run.Get(limit), Columns, cancellation));
    }
}
