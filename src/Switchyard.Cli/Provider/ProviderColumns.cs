using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Provider;

internal static class ProviderColumns
{
    public static readonly IReadOnlyList<Column> List =
    [
        new("slug", "Provider"),
        new("kind", "Kind"),
        Column.State("health", "Health"),
        new("webUrl", "Host"),
        new("appSlug", "App"),
        new("owner", "Owner"),
        new("id", "Id"),
    ];

    public static readonly IReadOnlyList<Column> View =
    [
        new("name", "Name"),
        new("slug", "Slug"),
        new("id", "Id"),
        new("kind", "Kind"),
        Column.State("health", "Health"),
        new("reason", "Reason"),
        new("apiUrl", "API"),
        new("webUrl", "Web"),
        new("appId", "App id"),
        new("clientId", "Client id"),
        new("owner", "Owner"),
        new("webhookPath", "Webhook"),
        new("installUrl", "Install at"),
        new("htmlUrl", "On GitHub"),
        new("keyIn", "Key in"),
        new("keyFingerprint", "Key fingerprint"),
        Column.Of("secrets", "Secrets", Secrets),
        new("createdAt", "Created"),
    ];

    public static readonly IReadOnlyList<Column> Installations =
    [
        new("account", "Account"),
        new("accountType", "Type"),
        Column.State("state", "State"),
        new("provider", "Provider"),
        new("repositorySelection", "Repositories"),
        Column.Of("permissions", "Permissions", item => string.Join(", ", (Members.Member(item, "permissions") as JsonObject ?? []).Select(pair => $"{pair.Key}={pair.Value}"))),
        new("reason", "Reason"),
        new("githubId", "GitHub id"),
    ];

    private static string Secrets(JsonNode item) => string.Join(
        "; ",
        (Members.Member(item, "secrets") as JsonArray ?? [])
            .Select(secret => $"{Members.At(secret, "name")}: set {Members.At(secret, "updatedAt")} by {Members.At(secret, "setBy")}, fingerprint {Members.At(secret, "fingerprint")}"));
}
