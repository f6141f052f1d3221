using System.Text.Json.Nodes;
using Switchyard.Tests.Server.Repositories;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>Text of strangers (names of models, entities and branches, paths, commit messages, model cards) stays text in a real browser.</summary>
public sealed class HostileTextTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Script = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover=\"alert(3)";

    [Fact]
    public async Task Nothing_that_a_repository_holds_runs_in_the_browser()
    {
        var hostile = new JsonObject { ["type"] = "record", ["name"] = "Order", ["doc"] = Script, ["fields"] = new JsonArray(new JsonObject { ["name"] = "id", ["type"] = "long", ["doc"] = Script }) };
        await using var hub = await Hub.StartAsync(
            "sqlite",
            ("schemas/<img src=x onerror=alert(4)>/order.avsc", hostile.ToJsonString()),
            ("shop.hck.json", new JsonObject { ["modelName"] = Script, ["collections"] = new JsonArray(new JsonObject { ["GUID"] = "e", ["collectionName"] = Script, ["properties"] = new JsonArray(new JsonObject { ["GUID"] = "a", ["name"] = Script }) }) }.ToJsonString()),
            ("model/README.md", $"---\nlicense: mit\n---\n# {Script}\n[link](javascript:alert(5))"));
        await hub.ControlAsync("POST", "repositories/acme/models/commits", new JsonObject { ["branch"] = "main", ["message"] = Script, ["files"] = new JsonObject { ["shop2.avsc"] = hostile.ToJsonString() } });
        await hub.ControlAsync("POST", "repositories/acme/models/commits", new JsonObject { ["branch"] = "x/<svg/onload=alert(6)>", ["message"] = Script, ["files"] = new JsonObject { ["a.txt"] = "1" } });
        await hub.UntilAsync("/api/v1/models", list => list.GetProperty("total").GetInt32() >= 3);
        await using var tab = await chromium.OpenAsync(hub.Server);
        var shown = new List<string>();
        tab.Page.Dialog += (_, dialog) => shown.Add(dialog.Message);

        var (seen, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(["/", "/repositories", "/models", "/deliveries", "/signals", "/dispatches", "/activity", "/search?q=script"]));
        while (next.TryDequeue(out var path) && seen.Count < 60)
        {
            if (seen.Add(path))
            {
                await tab.GoAsync(path);
                foreach (var link in await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('main a[href]')].map(a => a.href)"))
                {
                    Assert.False(link.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase), $"{path} has a link to {link}");
                    if (link.StartsWith(tab.Page.Url[..tab.Page.Url.IndexOf('/', 8)], StringComparison.Ordinal) && !link.Contains("/api/", StringComparison.Ordinal) && !link.Contains("download", StringComparison.Ordinal))
                    {
                        next.Enqueue(new Uri(link).PathAndQuery);
                    }
                }
            }
        }

        Assert.Empty(shown);
        Assert.DoesNotContain(tab.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal) || complaint.StartsWith("script:", StringComparison.Ordinal));
        Assert.True(seen.Count > 5, "Nothing was looked at.");
    }
}
