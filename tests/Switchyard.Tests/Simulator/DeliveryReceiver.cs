using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Switchyard.Tests.Simulator;

internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Event => Headers["X-GitHub-Event"];

    public string Guid => Headers["X-GitHub-Delivery"];

    public JsonNode Json => JsonNode.Parse(Body)!;

    public bool IsSigned(string secret) =>
        Headers.GetValueOrDefault("X-Hub-Signature-256") == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Body));
}

/// <summary>Takes deliveries, keeps them, and answers as told.</summary>
internal sealed class DeliveryReceiver : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly ConcurrentQueue<Received> received = new();

    private DeliveryReceiver(WebApplication application) => this.application = application;

    public Uri Url { get; private set; } = new("http://localhost");

    public int Status { get; set; } = 202;

    /// <summary>When set, requests are answered only after it completed.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public int AtOnce { get; private set; }

    private int running;

    public IReadOnlyList<Received> All => [.. received];

    public IReadOnlyList<Received> Of(string name) => [.. received.Where(delivery => delivery.Event == name)];

    public void Clear() => received.Clear();

    public static async Task<DeliveryReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var server = builder.Build();
        var receiver = new DeliveryReceiver(server);
        server.Run(receiver.TakeAsync);
        await server.StartAsync();
        receiver.Url = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/webhooks");
        return receiver;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        AtOnce = Math.Max(AtOnce, Interlocked.Increment(ref running));
        received.Enqueue(new Received(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(http.RequestAborted);
        }

        Interlocked.Decrement(ref running);
        http.Response.StatusCode = Status;
    }
}
