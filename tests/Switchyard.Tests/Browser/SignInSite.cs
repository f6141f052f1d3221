using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Switchyard.Tests.Server.Providers;
using Xunit;

namespace Switchyard.Tests.Browser;

/// <summary>A server that people sign in to with GitHub: vera as a viewer, otto as an operator, ada as an administrator; eve is a stranger.</summary>
public sealed class SignInSite : IAsyncLifetime
{
    private const string Provider = "acme-models";

    internal GitHubFlow Flow { get; private set; } = null!;

    internal Uri Address => Flow.Server.Http.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        Flow = await GitHubFlow.StartAsync();
        await Flow.ControlAsync("POST", "repositories", new JsonObject { ["fullName"] = "acme/shop", ["files"] = new JsonObject { ["order.avsc"] = Connecting.Order } });
        await Flow.ConnectAsync();
        await Flow.ControlAsync("POST", $"apps/{Provider}/installations", new JsonObject { ["account"] = "acme" });
        await Flow.UntilAsync("/repositories?q=shop&status=Synced", text => text.Contains("acme/shop", StringComparison.Ordinal));
        foreach (var (login, role) in new[] { ("vera", "Viewer"), ("otto", "Operator"), ("ada", "Admin") })
        {
            await Flow.ControlAsync("PUT", $"organizations/acme/members/{login}", new JsonObject());
            var form = (await Flow.Browser.GetAsync("/admin/access")).QuerySelector<IHtmlFormElement>("form[action='/admin/access/grants']")!;
            await Flow.Browser.SubmitAsync(form, ("provider", Provider), ("kind", "user"), ("account", login), ("role", role));
        }
    }

    public async ValueTask DisposeAsync() => await Flow.DisposeAsync();
}
