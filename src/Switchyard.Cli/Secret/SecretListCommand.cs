using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Run;

namespace Switchyard.Cli.Secret;

internal sealed class SecretListCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns = [new("name", "Name"), new("updatedAt", "Updated"), new("createdAt", "Created"), new("visibility", "Visibility")];

    public SecretListCommand(Shell shell)
        : base("list", "The names of the secrets of a repository, an environment or an organization")
    {
        var target = new SecretTarget();
        Aliases.Add("ls");
        target.AddTo(this);
        shell.Run(this, async (run, cancellation) =>
        {
            using var access = await target.OpenAsync(run, cancellation);
            var (api, place) = await target.ResolveAsync(run, access, "read", cancellation);
            var items = await api.ListAsync(place, cancellation)
                .Select(JsonNode (secret) => new JsonObject
                {
                    ["name"] = secret.Name,
                    ["updatedAt"] = RunColumns.Text(secret.UpdatedAt),
                    ["createdAt"] = RunColumns.Text(secret.CreatedAt),
                    ["visibility"] = secret.Visibility,
                })
                .ToListAsync(cancellation);
            run.Printer.List(items, Columns);
            return ExitCode.Ok;
        });
    }
}
