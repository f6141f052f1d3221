using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchyard.Tests.Server.Vault.Fakes;

/// <summary>A request that has come in, with its whole body.</summary>
internal sealed record VaultRequest(string Method, string Path, IQueryCollection Query, IHeaderDictionary Headers, byte[] Body, string Target)
{
    public JsonObject Json => Body.Length == 0 ? [] : JsonNode.Parse(Body)!.AsObject();

    public string Call => $"{Method} {Path}";
}

internal sealed record VaultReply(int Status, JsonNode? Body = null, int? RetryAfter = null);

/// <summary>A vault on loopback: real HTTP, and what it is not asked properly it refuses. The faults answer first, in their order.</summary>
internal abstract class VaultFake : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly CancellationTokenSource end = new();

    protected VaultFake()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        application = builder.Build();
        application.Run(ServeAsync);
    }

    public Uri Address { get; private set; } = null!;

    public ConcurrentQueue<VaultRequest> Requests { get; } = new();

    /// <summary>Answers in place of the vault's own; null lets the request through.</summary>
    public ConcurrentQueue<Func<VaultRequest, VaultReply?>> Faults { get; } = new();

    /// <summary>While it is set no request is answered.</summary>
    public bool Silent { get; set; }

    /// <summary>The values that can still be read, in base64.</summary>
    public abstract IReadOnlyList<string> Values { get; }

    /// <summary>A refusal in the vault's own form.</summary>
    public abstract VaultReply Refusal(int status, string words);

    public void Refuse(int status, string words, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Faults.Enqueue(_ => Refusal(status, words));
        }
    }

    public async Task StartAsync()
    {
        await application.StartAsync();
        Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await application.DisposeAsync();
        end.Dispose();
    }

    protected abstract VaultReply Answer(VaultRequest request);

    private async Task ServeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new VaultRequest(
            context.Request.Method, context.Request.Path, context.Request.Query, context.Request.Headers, body.ToArray(), context.Request.Path + context.Request.QueryString);
        Requests.Enqueue(request);
        if (Silent)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);
            var never = new TaskCompletionSource();
            using var stop = either.Token.Register(() => never.TrySetResult());
            await never.Task;
            return;
        }

        VaultReply reply;
        lock (Requests)
        {
            reply = (Faults.TryDequeue(out var fault) ? fault(request) : null) ?? Answer(request);
        }

        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (reply.Body is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(reply.Body.ToJsonString());
        }
    }
}
