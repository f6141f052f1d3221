using System.Text.Json;

namespace Switchyard.Tests.Browser;

/// <summary>Every page of the panel, by a name and where an example of it is in the demo.</summary>
internal static class PanelPages
{
    /// <summary>Names first, so that a test can be told by them; what is in braces is looked up in the demo.</summary>
    public static readonly (string Name, string Path)[] All =
    [
        ("home", "/"),
        ("repositories", "/repositories"),
        ("repository", "/repositories/{repository}"),
        ("repository-syncs", "/repositories/{repository}?tab=syncs"),
        ("syncs", "/syncs"),
        ("sync", "/syncs/1"),
        ("no-match", "/repositories?q=nowhere"),
        ("not-found", "/nothing"),
    ];

    public static async Task<string> ResolveAsync(DemoSite site, string path)
    {
        if (path.Contains("{repository}", StringComparison.Ordinal))
        {
            var first = (await ReadAsync(site, "/api/v1/repositories?limit=1")).GetProperty("items")[0];
            path = path.Replace("{repository}", $"{first.GetProperty("provider").GetString()}/{first.GetProperty("fullName").GetString()}", StringComparison.Ordinal);
        }

        return path;
    }

    private static async Task<JsonElement> ReadAsync(DemoSite site, string path) => JsonDocument.Parse(await site.Http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;
}
