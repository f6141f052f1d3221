using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchyard.Cli.Provider;

/// <summary>
/// The manifest flow needs a browser that posts a form to GitHub and is sent back with a code. This serves the form and
/// takes the browser in again, on a free loopback port.
/// </summary>
internal sealed class ManifestPage : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly TaskCompletionSource<string> code = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string form = "";
    private string state = "";

    private ManifestPage(WebApplication application) => this.application = application;

    public Uri Address { get; private set; } = null!;

    public Uri Callback => new(Address, "callback");

    public static async Task<ManifestPage> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var page = new ManifestPage(builder.Build());
        page.application.MapGet("/", (HttpContext context) => WriteAsync(context, page.form));
        page.application.MapGet("/callback", page.ReceiveAsync);
        await page.application.StartAsync(cancellation);
        page.Address = new Uri(page.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return page;
    }

    /// <summary>Sets the form that the browser posts, and the state that must come back with the code.</summary>
    public void Offer(string postUrl, string manifest, string expectedState)
    {
        state = expectedState;
        form = $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Switchyard</title></head>
            <body onload="document.forms[0].submit()">
            <form method="post" action="{WebUtility.HtmlEncode(postUrl)}">
            <input type="hidden" name="manifest" value="{WebUtility.HtmlEncode(manifest)}">
            <button>Continue on GitHub</button>
            </form></body></html>
            """;
    }

    public Task<string> CodeAsync(CancellationToken cancellation) => code.Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(CancellationToken.None);
        await application.DisposeAsync();
    }

    private Task ReceiveAsync(HttpContext context)
    {
        var received = context.Request.Query["code"].ToString();
        var matches = state.Length > 0 && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(context.Request.Query["state"].ToString()), Encoding.UTF8.GetBytes(state));
        if (!matches || received.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return WriteAsync(context, "<!doctype html><title>Switchyard</title><p>This answer does not belong to the registration that was begun here. Nothing was stored.");
        }

        code.TrySetResult(received);
        return WriteAsync(context, "<!doctype html><title>Switchyard</title><p>The App is registered. You can close this page and go back to the terminal.");
    }

    private static Task WriteAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        // The code stands in the address; no page may hand it on.
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }
}
