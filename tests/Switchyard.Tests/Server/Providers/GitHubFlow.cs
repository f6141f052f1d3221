using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Simulator;
using Xunit;

namespace Switchyard.Tests.Server.Providers;

/// <summary>A server, a simulated GitHub, and a person whose browser goes back and forth between them.</summary>
internal sealed class GitHubFlow : IAsyncDisposable
{
    private readonly HttpClient web;

    private GitHubFlow(SimulatorHost github, ServerFixture server, PanelClient browser)
    {
        (GitHub, Server, Browser) = (github, server, browser);
        web = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = github.Url };
    }

    public SimulatorHost GitHub { get; }

    public ServerFixture Server { get; }

    public PanelClient Browser { get; }

    public static async Task<GitHubFlow> StartAsync(string kind = "sqlite", Action<IServiceCollection>? more = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var github = await SimulatorHost.StartAsync(new SimulatorOptions { Repositories = [new SimulatedRepository("acme/models")] });
        var server = await ServerFixture.StartAsync(kind, settings, more);
        return new GitHubFlow(github, server, await server.SignInAsync(Role.Admin));
    }

    /// <summary>Fills in the wizard's first page and gives the second one.</summary>
    public async Task<IHtmlDocument> BeginAsync(params (string Name, string Value)[] more)
    {
        var form = (await Browser.GetAsync("/admin/providers/new")).QuerySelector<IHtmlFormElement>("form[action='/admin/providers/new']")!;
        (string Name, string Value)[] usual =
        [
            ("name", "Acme models"), ("owner", "organization"), ("organization", "acme"), ("webUrl", GitHub.Url.ToString()), ("notice", "webhook"), ("publicUrl", Server.Http.BaseAddress!.ToString()),
            ("switch", "yes"), ("signIn", "yes"),
        ];
        return await Browser.SubmitAsync(form, [.. usual.Where(field => !more.Any(other => other.Name == field.Name)), .. more.Where(field => field.Value.Length > 0)]);
    }

    /// <summary>Presses "Register GitHub App" and "Create" on GitHub; gives the path that GitHub sends the browser back to.</summary>
    public async Task<string> RegisterOnGitHubAsync(IHtmlDocument page)
    {
        var form = page.QuerySelector<IHtmlFormElement>("form[action^='http']");
        Assert.True(form is not null, page.Body!.TextContent);
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("manifest", form.QuerySelector<IHtmlInputElement>("input[name=manifest]")!.Value)]);
        using var answer = await web.PostAsync(new Uri(form.GetAttribute("action")!), content);
        return answer.Headers.Location?.PathAndQuery ?? throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The whole registration; the page of the provider.</summary>
    public async Task<IHtmlDocument> ConnectAsync()
    {
        await Browser.GetAsync(await RegisterOnGitHubAsync(await BeginAsync()), 302);
        return await Browser.GetAsync("/admin/providers/acme-models");
    }

    /// <summary>Sends a form of GitHub's; gives where it leads.</summary>
    public async Task<Uri?> PostOnGitHubAsync(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await web.PostAsync(new Uri(path, UriKind.RelativeOrAbsolute), content);
        return answer.Headers.Location;
    }

    public async Task<JsonNode?> ControlAsync(string method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/_simulator/" + path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await web.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Looks at the page until it is so.</summary>
    public async Task<IHtmlDocument> UntilAsync(string path, Func<string, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var page = await Browser.GetAsync(path);
            if (isSo(page.QuerySelector("main")!.TextContent))
            {
                return page;
            }

            Assert.False(limit.IsCancellationRequested, $"{path} never became so: {page.QuerySelector("main")!.TextContent}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        web.Dispose();
        Browser.Dispose();
        await Server.DisposeAsync();
        await GitHub.DisposeAsync();
    }
}
