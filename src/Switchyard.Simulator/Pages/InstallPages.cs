using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pages;

/// <summary>Where a person chooses the repositories an App may see.</summary>
internal sealed class InstallPages(World world)
{
    public PageReply? About(string slug) => world.Apps.FindBySlug(slug) is not { } app ? null : PageReply.Page(app.Name, $"""
        <p>{Html.Encode(app.Description)}</p>
        <p>By {Html.Encode(app.Owner.Login)}. <a href="/apps/{Html.Encode(app.Slug)}/installations/new">Install</a></p>
        """);

    public PageReply? Installed(string id) =>
        !long.TryParse(id, CultureInfo.InvariantCulture, out var number) || world.Installations.Find(number) is not { } installation
            ? null
            : PageReply.Page($"{installation.App.Name} on {installation.Account.Login}", $"<ul>{string.Concat(world.Repositories.Of(installation).Select(repository => $"<li>{Html.Encode(repository.FullName)}</li>"))}</ul>");

    public async Task<PageReply?> HandleAsync(HttpContext http, string slug) => (http.Request.Method, world.Apps.FindBySlug(slug)) switch
    {
        (_, null) => null,
        ("GET", { } app) => Form(app, http.Request.Query["state"].ToString(), null),
        ("POST", { } app) => await InstallAsync(http, app),
        _ => null,
    };

    private PageReply Form(App app, string state, string? error)
    {
        var accounts = world.Repositories.All.GroupBy(repository => repository.Owner.Login, StringComparer.OrdinalIgnoreCase);
        var fields = string.Concat(accounts.Select((account, index) => $"""
            <fieldset>
            <legend><label><input type="radio" name="account" value="{Html.Encode(account.Key)}"{(index == 0 ? " checked" : "")}> {Html.Encode(account.Key)}</label></legend>
            {string.Concat(account.Select(repository => $"<label><input type=\"checkbox\" name=\"repositories\" value=\"{Html.Encode(repository.FullName)}\"> {Html.Encode(repository.Name)}</label>"))}
            </fieldset>
            """));
        return PageReply.Page($"Install {app.Name}", $"""
            {(error is null ? "" : $"<p class=\"error\">{Html.Encode(error)}</p>")}
            <form method="post">
            {fields}
            <label><input type="radio" name="repository_selection" value="all" checked> All repositories of the account</label>
            <label><input type="radio" name="repository_selection" value="selected"> Only the chosen repositories</label>
            <input type="hidden" name="state" value="{Html.Encode(state)}">
            <button name="decision" value="install">Install</button>
            <label>Not an owner? You are <input name="requester" value="ann"> <button name="decision" value="request">Request</button></label>
            </form>
            """, error is null ? 200 : 422);
    }

    private async Task<PageReply> InstallAsync(HttpContext http, App app)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var state = form["state"].ToString() is { Length: > 0 } inForm ? inForm : http.Request.Query["state"].ToString();
        var login = form["account"].ToString();
        if (world.Accounts.Find(login) is not { } account)
        {
            return Form(app, state, "Choose the account to install on.");
        }

        if (!app.Public && app.Owner.IsOrganization && account.Id != app.Owner.Id)
        {
            return Form(app, state, $"{app.Name} is private: it can be installed on {app.Owner.Login} alone.");
        }

        if (form["decision"] == "request")
        {
            world.Installations.Request(app, account, world.Accounts.Ensure(form["requester"].ToString() is { Length: > 0 } requester ? requester : "ann", organization: false));
            return PageReply.Redirect(app.SetupUrl is null ? world.Urls.Web($"/apps/{app.Slug}") : QueryHelpers.AddQueryString(app.SetupUrl, "setup_action", "request"));
        }

        IReadOnlyList<Repository>? chosen = null;
        if (form["repository_selection"] != "all")
        {
            chosen = [.. form["repositories"].Select(wanted => Named(wanted!)).OfType<Repository>().Where(repository => repository.Owner == account)];
            if (chosen.Count == 0)
            {
                return Form(app, state, "Choose at least one repository.");
            }
        }

        var present = world.Installations.Find(app, account) is not null;
        foreach (var request in world.Installations.Requests.Where(request => request.App == app && request.Account == account))
        {
            world.Installations.Decide(request.Id, approve: false);
        }

        var installation = world.Installations.Install(app, account, chosen);
        return PageReply.Redirect(Target(app, installation, state, present));
    }

    private Repository? Named(string text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var id) ? world.Repositories.Find(id) : world.Repositories.Find(text);

    private string Target(App app, Installation installation, string state, bool update)
    {
        if (app.SetupUrl is null)
        {
            return world.Urls.Web($"/settings/installations/{installation.Id}");
        }

        var query = new Dictionary<string, string?>
        {
            ["installation_id"] = installation.Id.ToString(CultureInfo.InvariantCulture),
            ["setup_action"] = update ? "update" : "install",
        };
        if (state.Length > 0)
        {
            query["state"] = state;
        }

        return QueryHelpers.AddQueryString(app.SetupUrl, query);
    }
}
