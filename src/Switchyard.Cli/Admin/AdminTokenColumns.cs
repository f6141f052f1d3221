using Switchyard.Cli.Output;

namespace Switchyard.Cli.Admin;

internal static class AdminTokenColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("id", "Id"),
        new("name", "Name"),
        new("role", "Role"),
        new("prefix", "Prefix"),
        new("createdAt", "Created"),
        new("expiresAt", "Expires"),
        Column.Of("lastUsedAt", "Last used", item => Members.At(item, "lastUsedAt") ?? "never"),
        new("revokedAt", "Revoked"),
    ];
}
