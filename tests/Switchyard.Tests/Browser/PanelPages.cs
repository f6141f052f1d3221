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
        ("repository-problems", "/repositories/{repository}?tab=problems"),
        ("repositories-plan", "/repositories/bulk?action=sync"),
        ("syncs", "/syncs"),
        ("sync", "/syncs/1"),
        ("models", "/models"),
        ("model", "/models/{model}"),
        ("model-schema", "/models/{model}?tab=schema"),
        ("model-diagram", "/models/{model}?tab=diagram"),
        ("model-versions", "/models/{model}?tab=versions"),
        ("model-version", "/models/{model}/-/versions/1"),
        ("model-compare", "/models/{model}/-/compare/1...2"),
        ("search", "/search?q=order"),
        ("activity", "/activity"),
        ("deliveries", "/deliveries"),
        ("delivery", "/deliveries/1"),
        ("signals", "/signals"),
        ("signal", "/signals/{signal}"),
        ("evaluations", "/evaluations"),
        ("evaluation", "/evaluations/1"),
        ("rules", "/rules"),
        ("rule", "/rules/1"),
        ("rule-history", "/rules/1?tab=history"),
        ("rule-test", "/rules/1?tab=test"),
        ("pendings", "/pending"),
        ("pending", "/pending/1"),
        ("dispatches", "/dispatches"),
        ("dispatch", "/dispatches/1"),
        ("providers", "/admin/providers"),
        ("provider", "/admin/providers/{provider}"),
        ("provider-new", "/admin/providers/new"),
        ("access", "/admin/access"),
        ("tokens", "/admin/tokens"),
        ("secrets", "/admin/secrets"),
        ("audit", "/admin/audit"),
        ("system", "/admin/system"),
        ("explore", "/demo"),
        ("no-match", "/repositories?q=nowhere"),
        ("not-found", "/nothing"),
    ];

    public static async Task<string> ResolveAsync(DemoSite site, string path)
    {
        if (path.Contains('{', StringComparison.Ordinal))
        {
            var repository = (await ReadAsync(site, "/api/v1/repositories?limit=1")).GetProperty("items")[0];
            var model = (await ReadAsync(site, "/api/v1/models?format=hackolade&state=Active&limit=1")).GetProperty("items")[0];
            var dispatch = (await ReadAsync(site, "/api/v1/dispatches?limit=1")).GetProperty("items")[0];
            path = path
                .Replace("{provider}", Text(repository, "provider"), StringComparison.Ordinal)
                .Replace("{repository}", $"{Text(repository, "provider")}/{Text(repository, "fullName")}", StringComparison.Ordinal)
                .Replace("{model}", $"{Text(model, "provider")}/{Text(model, "repository")}/{Text(model, "path")}", StringComparison.Ordinal)
                .Replace("{signal}", Text(dispatch, "signalId"), StringComparison.Ordinal);
        }

        return path;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static async Task<JsonElement> ReadAsync(DemoSite site, string path) => JsonDocument.Parse(await site.Http.GetStringAsync(new Uri(path, UriKind.Relative))).RootElement;
}
