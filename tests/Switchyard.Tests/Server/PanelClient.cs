using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Switchyard.Server.Access;
using Switchyard.Server.Storage;
using Xunit;

namespace Switchyard.Tests.Server;

/// <summary>A browser without scripts, signed in with a role: pages are read as people see them, and forms are sent as they are on the page.</summary>
internal sealed class PanelClient : IDisposable
{
    private readonly HttpClientHandler handler = new() { UseCookies = true, AllowAutoRedirect = false };

    private PanelClient(Uri address)
    {
        Http = new HttpClient(handler) { BaseAddress = address };
        Http.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
    }

    public HttpClient Http { get; }

    /// <summary>What the browser keeps under the name, or null.</summary>
    public string? Cookie(string name) => handler.CookieContainer.GetAllCookies().FirstOrDefault(cookie => cookie.Name == name)?.Value;

    public void SetCookie(Uri address, string name, string value) => handler.CookieContainer.Add(address, new System.Net.Cookie(name, value));

    /// <summary>Nobody.</summary>
    public static PanelClient Anonymous(Uri address) => new(address);

    public static async Task<PanelClient> SignInAsync(IServiceProvider services, Uri address, Role role = Role.Admin)
    {
        var client = new PanelClient(address);
        var sessions = services.GetRequiredService<SessionStore>();
        var opened = await services.GetRequiredService<Database>().WriteAsync(
            async session =>
            {
                var user = await session.ScalarAsync<long>("insert into users (login, role, created_at) values (@login, @role, 0) returning id", new { login = $"{role}-{Guid.NewGuid():n}", role = role.ToString() });
                return await sessions.OpenAsync(session, user, null);
            },
            CancellationToken.None);
        client.handler.CookieContainer.Add(address, new System.Net.Cookie(Session.CookieName, opened.Secret));
        return client;
    }

    /// <summary>The page; the status must be the one expected.</summary>
    public async Task<IHtmlDocument> GetAsync(string path, int status = 200)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.True(status == (int)response.StatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await ParseAsync(response);
    }

    /// <summary>Sends the form as the page has it, with some fields filled in, and gives the page that it leads to.</summary>
    /// <param name="form">As the page has it.</param>
    /// <param name="fields">What a person fills in, and the name and value of the button that is pressed.</param>
    public async Task<IHtmlDocument> SubmitAsync(IHtmlFormElement form, params (string Name, string Value)[] fields)
    {
        var values = form.Elements.OfType<IHtmlInputElement>().Where(input => input.Name is { Length: > 0 } && input.Type is not ("submit" or "checkbox" or "radio" or "file") && !fields.Any(field => field.Name == input.Name))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value)).Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var content = new FormUrlEncodedContent(values);
        using var response = await Http.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), content);
        return (int)response.StatusCode is >= 300 and < 400 ? await GetAsync(response.Headers.Location!.ToString().TrimStart('~')) : await ParseAsync(response);
    }

    public void Dispose()
    {
        Http.Dispose();
        handler.Dispose();
    }

    private static async Task<IHtmlDocument> ParseAsync(HttpResponseMessage response) => new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
}
