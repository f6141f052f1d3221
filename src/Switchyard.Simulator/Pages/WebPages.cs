using System.Text;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Pages;

/// <summary>The few pages that people and their browsers meet.</summary>
internal sealed class WebPages(World world)
{
    private readonly ManifestPages manifests = new(world);
    private readonly InstallPages installs = new(world);
    private readonly SignInPages signIns = new(world);
    private readonly SettingsPages settings = new(world);

    public async Task HandleAsync(HttpContext http)
    {
        var entry = world.Log.Add("web", http.Request.Method, RawTarget.Path(http) + http.Request.QueryString, "browser", userAgent: http.Request.Headers.UserAgent);
        var segments = RawTarget.Path(http).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        if (world.Faults.Find("web.error") is { } error && error.ConcernsRoute($"{http.Request.Method} {RawTarget.Path(http)}") && error.Happens())
        {
            entry.Status = http.Response.StatusCode = error.Int("status", 503);
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Html.Page("No server is available to handle this request", "<p>Try again in a minute.</p>")), http.RequestAborted);
            return;
        }

        if ((http.Request.Method, segments) is ("POST", ["login", "oauth", "access_token"]))
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.Body.WriteAsync(Wire.Bytes(await signIns.ExchangeAsync(http)), http.RequestAborted);
            entry.Status = 200;
            return;
        }

        var reply = (http.Request.Method, segments) switch
        {
            ("GET", []) => Home(),
            (_, ["settings", "apps", "new"]) => await manifests.HandleAsync(http, organization: null),
            (_, ["organizations", var organization, "settings", "apps", "new"]) => await manifests.HandleAsync(http, organization),
            ("GET", ["apps" or "github-apps", var slug]) => installs.About(slug),
            (_, ["apps" or "github-apps", var slug, "installations", "new"]) => await installs.HandleAsync(http, slug),
            (_, ["login", "oauth", "authorize"]) => await signIns.AuthorizeAsync(http),
            ("GET", ["settings", "apps", var slug, "advanced"]) => settings.Advanced(slug),
            ("GET", ["organizations", _, "settings", "apps", var slug, "advanced"]) => settings.Advanced(slug),
            (_, ["settings", "installation-requests", var id]) => await settings.DecideAsync(http, id),
            (_, ["settings", "installations", var id, "permissions", "update"]) => settings.Permissions(http, id),
            (_, ["organizations", _, "settings", "installations", var id, "permissions", "update"]) => settings.Permissions(http, id),
            ("GET", ["settings", "installations", var id]) => installs.Installed(id),
            ("GET", ["organizations", _, "settings", "installations", var id]) => installs.Installed(id),
            ("GET", [var owner, var name]) => Repository(owner, name),
            _ => null,
        } ?? PageReply.NotFound();

        entry.Status = http.Response.StatusCode = reply.Status;
        if (reply.Location is not null)
        {
            http.Response.Headers.Location = reply.Location;
            return;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(reply.Html), http.RequestAborted);
    }

    private PageReply Home()
    {
        var repositories = string.Concat(world.Repositories.All.Select(repository =>
            $"<tr><td><a href=\"/{Html.Encode(repository.FullName)}\">{Html.Encode(repository.FullName)}</a></td><td>{Html.Encode(repository.DefaultBranch)}</td></tr>"));
        var apps = string.Concat(world.Apps.All.Select(app =>
            $"<li><a href=\"/apps/{Html.Encode(app.Slug)}\">{Html.Encode(app.Name)}</a>, {world.Installations.Of(app).Count} installations</li>"));
        return PageReply.Page("Repositories", $"""
            <table><tr><th>Repository</th><th>Default branch</th></tr>{repositories}</table>
            <h2>Apps</h2><ul>{apps}</ul>
            {settings.Requests()}
            <p><a href="/settings/apps/new">Register an App</a></p>
            """);
    }

    private PageReply? Repository(string owner, string name) => world.Repositories.Find(owner, name) is not { } repository ? null : PageReply.Page(repository.FullName, $"""
        <p>Clone it with the password of {Html.Encode(world.Options.DeveloperLogin)}, or with a token:</p>
        <pre>git clone {Html.Encode(world.Urls.Web($"/{repository.FullName}.git"))}</pre>
        """);
}

internal sealed record PageReply(int Status, string Html, string? Location = null)
{
    public static PageReply Page(string title, string body, int status = 200) => new(status, Pages.Html.Page(title, body));

    public static PageReply Redirect(string location) => new(302, "", location);

    public static PageReply NotFound() => Page("Not found", "<p>This page does not exist.</p>", 404);
}
