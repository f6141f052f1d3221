using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.Pages;

/// <summary>Registers an App from a manifest: the form of the caller is posted here, the browser goes back with a code.</summary>
internal sealed class ManifestPages(World world)
{
    public async Task<PageReply?> HandleAsync(HttpContext http, string? organization) => http.Request.Method switch
    {
        "GET" => Form(http.Request.Query["state"].ToString(), "", []),
        "POST" => await CreateAsync(http, organization),
        _ => null,
    };

    private static PageReply Form(string state, string manifest, IReadOnlyList<string> errors)
    {
        var problems = errors.Count == 0 ? "" : $"<div class=\"error\"><p>Invalid GitHub App configuration</p><ul>{string.Concat(errors.Select(error => $"<li>{Html.Encode(error)}</li>"))}</ul></div>";
        return PageReply.Page("Register a GitHub App", $"""
            {problems}
            <form method="post">
            <label>Manifest <textarea name="manifest" spellcheck="false">{Html.Encode(manifest)}</textarea></label>
            <input type="hidden" name="state" value="{Html.Encode(state)}">
            <button>Create GitHub App</button>
            </form>
            """, errors.Count == 0 ? 200 : 422);
    }

    private async Task<PageReply?> CreateAsync(HttpContext http, string? organization)
    {
        if (!http.Request.HasFormContentType)
        {
            return Form("", "", ["The form field \"manifest\" wasn't supplied."]);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var state = http.Request.Query["state"].ToString() is { Length: > 0 } inQuery ? inQuery : form["state"].ToString();
        var text = form["manifest"].ToString();
        var (manifest, errors) = Manifest.Read(text, world);
        if (manifest is null)
        {
            return Form(state, text, errors);
        }

        var owner = organization is null ? world.Developer : world.Accounts.Ensure(organization);
        var (app, pem) = world.Apps.Add(manifest.App, owner);
        var code = world.Apps.IssueCode(app, pem);
        if (manifest.RedirectUrl is null)
        {
            return PageReply.Page($"{app.Name} was registered", $"<p>The code is <code>{code}</code>. <a href=\"/apps/{app.Slug}/installations/new\">Install it</a>.</p>");
        }

        var target = QueryHelpers.AddQueryString(manifest.RedirectUrl, "code", code);
        return PageReply.Redirect(state.Length == 0 ? target : QueryHelpers.AddQueryString(target, "state", state));
    }
}
