using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Server.Providers;

/// <summary>
/// The manifest that registers the App with the least it needs. Without a public URL <c>hook_attributes</c> is left out whole:
/// with it, <c>url</c> is mandatory, and <c>secret</c> is refused (vikasprogrammer/agentric#317, hunvreus/pagescms#409).
/// </summary>
internal static class AppManifest
{
    /// <summary>The events of the mirror; <c>installation</c> and <c>installation_repositories</c> reach an App anyway.</summary>
    private static readonly string[] Events = ["push", "repository"];

    public static string Build(string name, string slug, string? publicUrl, string? redirectUrl)
    {
        var manifest = new JsonObject
        {
            ["name"] = name,
            ["url"] = publicUrl ?? "https://github.com",
            ["public"] = false,
            ["default_permissions"] = new JsonObject { ["contents"] = "read", ["metadata"] = "read" },
        };
        if (publicUrl is not null)
        {
            manifest["hook_attributes"] = new JsonObject { ["url"] = $"{publicUrl.TrimEnd('/')}/webhooks/{slug}", ["active"] = true };
            manifest["default_events"] = new JsonArray([.. Events.Select(name => JsonValue.Create(name))]);
        }

        if (redirectUrl is not null)
        {
            manifest["redirect_url"] = redirectUrl;
        }

        return manifest.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
