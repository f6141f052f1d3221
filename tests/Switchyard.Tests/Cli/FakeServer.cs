using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchyard.Tests.Cli;

/// <summary>Answers scripted by "METHOD /path", as a Switchyard server would; what is not scripted is a 404 problem.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentDictionary<string, Func<FakeRequest, FakeAnswer>> answers = new(StringComparer.Ordinal);

    private FakeServer(WebApplication application) => this.application = application;

    public string Url { get; private set; } = "";

    public ConcurrentQueue<FakeRequest> Requests { get; } = new();

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FakeServer(builder.Build());
        server.application.Run(server.AnswerAsync);
        await server.application.StartAsync();
        server.Url = server.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return server;
    }

    public FakeServer On(string call, string json, int status = 200) => On(call, _ => new FakeAnswer(json, status));

    public FakeServer On(string call, Func<FakeRequest, FakeAnswer> answer)
    {
        answers[call] = answer;
        return this;
    }

    public FakeServer Refuses(string call, int status, string code, string detail) =>
        On(call, _ => new FakeAnswer($$"""{"type":"urn:switchyard:problem:{{code}}","title":"{{code}}","status":{{status}},"detail":"{{detail}}","code":"{{code}}","next":[{"label":"Look","command":"switchyard repo list"}]}""", status, "application/problem+json"));

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new FakeRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString());
        Requests.Enqueue(request);
        var answer = answers.TryGetValue($"{request.Method} {request.Path}", out var script)
            ? script(request)
            : new FakeAnswer("""{"title":"NotFound","status":404,"detail":"There is nothing here.","code":"NotFound"}""", 404, "application/problem+json");
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.Body.WriteAsync(answer.Body);
    }
}

internal sealed record FakeRequest(string Method, string Path, string Query, string Body, string Authorization);

internal sealed record FakeAnswer(byte[] Body, int Status = 200, string ContentType = "application/json")
{
    public FakeAnswer(string text, int status = 200, string contentType = "application/json")
        : this(System.Text.Encoding.UTF8.GetBytes(text), status, contentType)
    {
    }

    public Dictionary<string, string> Headers { get; init; } = [];
}
