using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Switchyard.Simulator.Pages;

/// <summary>What owners see: the deliveries of an App, requests that wait for them, permissions that they have yet to accept.</summary>
internal sealed class SettingsPages(World world)
{
    public PageReply? Advanced(string slug) => world.Apps.FindBySlug(slug) is not { } app ? null : PageReply.Page($"{app.Name}: recent deliveries", $"""
        <table><tr><th>Event</th><th>Delivery</th><th>Status</th></tr>{string.Concat(world.Deliveries.Log.Of(app.Hook).Take(50).Select(delivery => $"<tr><td>{Html.Encode(delivery.Event.Event)}</td><td>{Html.Encode(delivery.Event.Guid)}</td><td>{delivery.StatusCode}</td></tr>"))}</table>
        """);

    public string Requests() => string.Concat(world.Installations.Requests.Select(request => $"""
        <form method="post" action="/settings/installation-requests/{request.Id}">
        {Html.Encode(request.Requester.Login)} asks to install {Html.Encode(request.App.Name)} on {Html.Encode(request.Account.Login)}
        <button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button>
        </form>
        """));

    public async Task<PageReply?> DecideAsync(HttpContext http, string id)
    {
        if (http.Request.Method != "POST" || !long.TryParse(id, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        world.Installations.Decide(number, form["decision"] == "approve");
        return PageReply.Redirect(world.Urls.Web("/"));
    }

    public PageReply? Permissions(HttpContext http, string id)
    {
        if (!long.TryParse(id, CultureInfo.InvariantCulture, out var number) || world.Installations.Find(number) is not { } installation)
        {
            return null;
        }

        if (http.Request.Method == "POST")
        {
            installation.Permissions = installation.App.Permissions;
            installation.Events = installation.App.Events;
            world.Deliveries.Events.Installation(installation, "new_permissions_accepted", withRepositories: false);
            return PageReply.Redirect(world.Urls.Web($"/settings/installations/{id}"));
        }

        return PageReply.Page($"{installation.App.Name} asks for new permissions", $"""
            <ul>{string.Concat(installation.App.Permissions.Where(asked => installation.Permissions.GetValueOrDefault(asked.Key) != asked.Value).Select(asked => $"<li>{Html.Encode(asked.Key)}: {Html.Encode(asked.Value)}</li>"))}</ul>
            <form method="post"><button>Accept new permissions</button></form>
            """);
    }
}
