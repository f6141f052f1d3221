using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Simulator.Apps;

namespace Switchyard.Simulator.Pages;

/// <summary>Sign in with an App: the page where a person agrees, and the exchange of the code. Here one may be whoever one likes.</summary>
internal sealed class SignInPages(World world)
{
    public async Task<PageReply?> AuthorizeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (world.Apps.FindByIssuer(query["client_id"].ToString()) is not { } app)
        {
            return null;
        }

        var redirect = query["redirect_uri"].ToString() is { Length: > 0 } given ? given : app.CallbackUrls.FirstOrDefault();
        if (redirect is null || !app.CallbackUrls.Any(known => redirect == known || redirect.StartsWith(known.TrimEnd('/') + "/", StringComparison.Ordinal)))
        {
            return PageReply.Page("Be careful!", "<p class=\"error\">The <code>redirect_uri</code> is not associated with this application.</p>", 400);
        }

        if (http.Request.Method != "POST")
        {
            return Form(app);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var state = query["state"].ToString();
        var answer = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (form["decision"] == "cancel")
        {
            (answer["error"], answer["error_description"]) = ("access_denied", "The user has denied your application access.");
        }
        else
        {
            var person = world.Accounts.Ensure(form["login"].ToString() is { Length: > 0 } login ? login : world.Options.DeveloperLogin, organization: false);
            answer["code"] = world.SignIns.Issue(app, person, redirect, query["code_challenge"].ToString() is { Length: > 0 } challenge ? challenge : null);
        }

        if (state.Length > 0)
        {
            answer["state"] = state;
        }

        return PageReply.Redirect(QueryHelpers.AddQueryString(redirect, answer));
    }

    /// <summary>The exchange answers 200 with an error in it, as GitHub does.</summary>
    public async Task<JsonObject> ExchangeAsync(HttpContext http)
    {
        var values = await ReadAsync(http);
        var (person, app, error) = world.SignIns.Redeem(values.GetValueOrDefault("client_id", ""), values.GetValueOrDefault("client_secret", ""), values.GetValueOrDefault("code", ""), values.GetValueOrDefault("redirect_uri"), values.GetValueOrDefault("code_verifier"));
        return person is null
            ? new JsonObject { ["error"] = error, ["error_description"] = Text(error!), ["error_uri"] = "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/" }
            : new JsonObject { ["access_token"] = world.Tokens.MintFor(person, app!).Value, ["expires_in"] = 28800, ["refresh_token"] = "ghr_simulated", ["refresh_token_expires_in"] = 15897600, ["scope"] = "", ["token_type"] = "bearer" };
    }

    private PageReply Form(App app)
    {
        var people = string.Concat(world.Accounts.All.Where(account => account.Type == "User").Select(person => $"<option value=\"{Html.Encode(person.Login)}\">"));
        return PageReply.Page($"Authorize {app.Name}", $"""
            <p>{Html.Encode(app.Name)} by {Html.Encode(app.Owner.Login)} would like to verify your GitHub identity.</p>
            <form method="post">
            <label>You are <input name="login" list="people" value="{Html.Encode(world.Options.DeveloperLogin)}"></label>
            <datalist id="people">{people}</datalist>
            <button name="decision" value="authorize">Authorize</button>
            <button name="decision" value="cancel">Cancel</button>
            </form>
            """);
    }

    private static string Text(string error) => error switch
    {
        "bad_verification_code" => "The code passed is incorrect or expired.",
        "incorrect_client_credentials" => "The client_id and/or client_secret passed are incorrect.",
        _ => "The redirect_uri MUST match the registered callback URL for this application.",
    };

    private static async Task<Dictionary<string, string>> ReadAsync(HttpContext http)
    {
        if (http.Request.HasFormContentType)
        {
            return (await http.Request.ReadFormAsync(http.RequestAborted)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        }

        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        return body.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString(), StringComparer.Ordinal);
    }
}
