using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Server.Providers;

/// <summary>What an App is made for; each feature adds permissions.</summary>
internal static class ProviderFeature
{
    public const string Mirror = "mirror";
    public const string Switch = "switch";
    public const string SignIn = "sign-in";

    public static IReadOnlyList<string> Of(bool mirrorOnly, bool signIn) => [mirrorOnly ? Mirror : Switch, .. signIn ? [SignIn] : Array.Empty<string>()];

    /// <summary>Those of an App that others made, by what it may do.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, string> permissions) =>
        Of(mirrorOnly: permissions.GetValueOrDefault("contents") != "write", signIn: permissions.ContainsKey("members"));

    public static string Text(IEnumerable<string> features) => string.Join(' ', features);

    public static IReadOnlyList<string> Parse(string features) => features.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>A permission that the App needs, and what for.</summary>
internal sealed record AppPermission(string Name, string Level, string Why);

/// <summary>
/// The manifest that registers the App with the least it needs: to mirror alone, or to switch as well, and for people to sign in.
/// Without a public URL <c>hook_attributes</c> is left out whole: with it, <c>url</c> is mandatory, and <c>secret</c> is refused
/// (vikasprogrammer/agentric#317, hunvreus/pagescms#409).
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

    /// <summary>Who has come and gone, and who may read what; GitHub sends these with <c>members: read</c>.</summary>
    private static readonly string[] SignInEvents = ["member", "membership", "organization", "team", "team_add"];

    private static readonly AppPermission[] MirrorPermissions =
    [
        new("contents", "read", "Reads model files and their history."),
        new("metadata", "read", "Every App has it: names of repositories, branches."),
    ];

    private static readonly AppPermission[] SwitchPermissions =
    [
        new("actions", "write", "Starts workflows with workflow_dispatch, follows and cancels their Runs."),
        new("checks", "write", "Shows on a commit what a rule did; reads the checks that rules wait for."),
        new("contents", "write", "Starts workflows with repository_dispatch, for which GitHub asks for write. Switchyard itself only reads files."),
        new("metadata", "read", "Every App has it: names of repositories, branches."),
        new("pull_requests", "read", "Pull requests as Signals."),
        new("statuses", "read", "Commit statuses that rules wait for."),
    ];

    private static readonly AppPermission SignInPermission = new("members", "read", "Who belongs to the organization and its teams, so that members can sign in here.");

    public static IReadOnlyList<AppPermission> PermissionsOf(IReadOnlyList<string> features) =>
        [.. features.Contains(ProviderFeature.Switch) ? SwitchPermissions : MirrorPermissions, .. features.Contains(ProviderFeature.SignIn) ? [SignInPermission] : Array.Empty<AppPermission>()];

    public static IReadOnlyList<string> EventsOf(IReadOnlyList<string> features) =>
        [.. features.Contains(ProviderFeature.Switch) ? SwitchEvents : MirrorEvents, .. features.Contains(ProviderFeature.SignIn) ? SignInEvents : Array.Empty<string>()];

    /// <summary>Where GitHub sends people back who sign in with the App of that slug.</summary>
    public static string CallbackOf(string panelUrl, string slug) => $"{panelUrl.TrimEnd('/')}/login/{slug}/callback";

    public static string Build(string slug, NewRegistration wanted)
    {
        var panel = wanted.PanelUrl ?? wanted.PublicUrl;
        var manifest = new JsonObject
        {
            ["name"] = wanted.Name,
            ["url"] = panel ?? "https://github.com",
            ["public"] = false,
            ["default_permissions"] = new JsonObject(PermissionsOf(wanted.Features).Select(one => KeyValuePair.Create(one.Name, (JsonNode?)JsonValue.Create(one.Level)))),
        };
        if (wanted.PublicUrl is not null)
        {
            manifest["hook_attributes"] = new JsonObject { ["url"] = $"{wanted.PublicUrl.TrimEnd('/')}/webhooks/{slug}", ["active"] = true };
            manifest["default_events"] = new JsonArray([.. EventsOf(wanted.Features).Select(name => JsonValue.Create(name))]);
        }

        if (wanted.RedirectUrl is not null)
        {
            manifest["redirect_url"] = wanted.RedirectUrl;
        }

        if (panel is not null)
        {
            manifest["callback_urls"] = new JsonArray([.. new[] { panel, wanted.PublicUrl }.OfType<string>().Select(address => CallbackOf(address, slug)).Distinct(StringComparer.Ordinal).Select(address => JsonValue.Create(address))]);
        }

        if (wanted.PanelUrl is not null)
        {
            manifest["setup_url"] = $"{wanted.PanelUrl.TrimEnd('/')}/admin/providers/{slug}/installed";
            manifest["setup_on_update"] = true;
        }

        return manifest.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
