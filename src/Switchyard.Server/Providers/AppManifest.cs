using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Server.Providers;

/// <summary>
/// The manifest that registers the App with the least it needs: to mirror alone, or to switch as well. Without a public URL <c>hook_attributes</c> is left out whole:
/// with it, <c>url</c> is mandatory, and <c>secret</c> is refused (vikasprogrammer/agentric#317, hunvreus/pagescms#409).
/// </summary>
internal static class AppManifest
{
    /// <summary>The events of the mirror; <c>installation</c> and <c>installation_repositories</c> reach an App anyway.</summary>
    private static readonly string[] MirrorEvents = ["push", "repository"];

    /// <summary>What becomes Signals, what gates wait for, and what tells that a Dispatch has arrived.</summary>
    private static readonly string[] SwitchEvents =
    [
        .. MirrorEvents, "create", "delete", "pull_request", "release", "check_run", "check_suite", "status", "workflow_run", "workflow_dispatch", "repository_dispatch",
    ];

    private static readonly (string Name, string Level)[] MirrorPermissions = [("contents", "read"), ("metadata", "read")];

    /// <summary>A repository_dispatch needs contents: write; reports are check runs.</summary>
    private static readonly (string Name, string Level)[] SwitchPermissions =
        [("actions", "write"), ("checks", "write"), ("contents", "write"), ("metadata", "read"), ("pull_requests", "read"), ("statuses", "read")];

    public static string Build(string name, string slug, string? publicUrl, string? redirectUrl, bool mirrorOnly)
    {
        var manifest = new JsonObject
        {
            ["name"] = name,
            ["url"] = publicUrl ?? "https://github.com",
            ["public"] = false,
            ["default_permissions"] = new JsonObject((mirrorOnly ? MirrorPermissions : SwitchPermissions).Select(one => KeyValuePair.Create(one.Name, (JsonNode?)JsonValue.Create(one.Level)))),
        };
        if (publicUrl is not null)
        {
            manifest["hook_attributes"] = new JsonObject { ["url"] = $"{publicUrl.TrimEnd('/')}/webhooks/{slug}", ["active"] = true };
            manifest["default_events"] = new JsonArray([.. (mirrorOnly ? MirrorEvents : SwitchEvents).Select(name => JsonValue.Create(name))]);
        }

        if (redirectUrl is not null)
        {
            manifest["redirect_url"] = redirectUrl;
        }

        return manifest.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
