using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Apps;

/// <summary>The manifest of an App to be, checked with GitHub's rules (docs: registering a GitHub App from a manifest).</summary>
internal sealed record Manifest(NewApp App, string? RedirectUrl)
{
    private static readonly string[] Known =
    [
        "name", "url", "hook_attributes", "redirect_url", "callback_urls", "setup_url", "description", "public",
        "default_events", "default_permissions", "request_oauth_on_install", "setup_on_update",
    ];

    /// <returns>The manifest, or what is wrong with it in the words of GitHub's page.</returns>
    public static (Manifest? Manifest, IReadOnlyList<string> Errors) Read(string? text, World world)
    {
        JsonObject? json = null;
        try
        {
            json = JsonNode.Parse(text ?? "") as JsonObject;
        }
        catch (JsonException)
        {
        }

        if (json is null)
        {
            return (null, ["Error: the manifest is not a JSON object"]);
        }

        var errors = new List<string>(json.Select(pair => pair.Key).Where(key => !Known.Contains(key)).Select(key => $"Error \"{key}\" is not a permitted key."));
        var name = json["name"]?.ToString();
        var url = Required(json, "url", errors);
        var hook = json["hook_attributes"] as JsonObject;
        var hookUrl = hook is null ? null : Required(hook, "url", errors);
        errors.AddRange(hook?.Select(pair => pair.Key).Where(key => key is not ("url" or "active")).Select(key => $"Error \"{key}\" is not a permitted key.") ?? []);
        if (hookUrl is not null && RefusesUrl(world, hookUrl))
        {
            errors.Add("Hook url is not supported because it isn't reachable over the public Internet (localhost)");
        }

        if (string.IsNullOrWhiteSpace(name) || name.Length > 34)
        {
            errors.Add("Error \"name\" must be given and hold at most 34 characters");
        }
        else if (world.Apps.NameTaken(name))
        {
            errors.Add("Name is already in use");
        }

        if (json["callback_urls"] is JsonArray { Count: > 10 })
        {
            errors.Add("Error \"callback_urls\" is too long (maximum is 10)");
        }

        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var app = new NewApp(name!, url!, hookUrl)
        {
            HookActive = hook?["active"]?.GetValue<bool>() ?? true,
            WebhookSecret = hookUrl is null || world.Faults.IsOn("manifest.nullSecret") ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20)),
            Description = json["description"]?.ToString(),
            SetupUrl = json["setup_url"]?.ToString(),
            CallbackUrls = [.. (json["callback_urls"] as JsonArray)?.Select(item => item!.ToString()) ?? []],
            Public = json["public"]?.GetValue<bool>() ?? false,
            Events = [.. (json["default_events"] as JsonArray)?.Select(item => item!.ToString()) ?? []],
            Permissions = ((json["default_permissions"] as JsonObject) ?? []).ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value!.ToString(), StringComparer.Ordinal),
        };
        return (new Manifest(app, json["redirect_url"]?.ToString()), []);
    }

    private static string? Required(JsonObject json, string name, List<string> errors)
    {
        if (json[name]?.ToString() is { Length: > 0 } value)
        {
            return value;
        }

        errors.Add($"Error \"{name}\" wasn't supplied.");
        return null;
    }

    private static bool RefusesUrl(World world, string url) =>
        world.Faults.IsOn("manifest.refuseUrl") && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
