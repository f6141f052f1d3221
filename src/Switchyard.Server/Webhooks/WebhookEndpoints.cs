using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Options;
using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;

namespace Switchyard.Server.Webhooks;

/// <summary>
/// Where GitHub posts: verify the signature over the raw bytes, store, answer 202. Every refusal is a 4xx with its reason;
/// nothing is answered with a 2xx that is not on disk.
/// </summary>
internal sealed partial class WebhookEndpoints(
    IWebhookProviders providers, DeliveryInbox inbox, IOptions<WebhookOptions> options, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookEndpoints> logger)
{
    private const int PooledBody = 1024 * 1024;
    private const string NotADelivery = "This URL takes webhook deliveries of GitHub: the headers X-GitHub-Event and X-GitHub-Delivery are missing or too long.";
    private const string SignatureMismatch = "The signature matches neither the current nor the previous webhook secret. Compare the secret in GitHub with the one set here.";

    private static readonly string[] KeptHeaders =
        ["X-GitHub-Event", "X-GitHub-Delivery", "X-GitHub-Hook-ID", "X-GitHub-Hook-Installation-Target-ID", "X-GitHub-Hook-Installation-Target-Type", "User-Agent", "Content-Type"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        Describe(
            routes.MapPost("/webhooks/{provider}", (HttpContext context, string provider, WebhookEndpoints endpoints) => endpoints.ReceiveAsync(context, provider)),
            "receiveDelivery",
            "Receive a Delivery of the App's webhook")
            .Refuses(404, "UnknownProvider", NoProvider("github"));
        foreach (var (path, name) in (ReadOnlySpan<(string, string)>)[("/gateway/sync", "receiveRepositoryDelivery"), ("/gateway/public/sync", "receivePublicRepositoryDelivery")])
        {
            Describe(
                routes.MapPost(path, (HttpContext context, WebhookEndpoints endpoints) => endpoints.ReceiveAsync(context, null)),
                name,
                "Receive a Delivery of a repository webhook that was set up by hand");
        }
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary)
    {
        endpoint.ShortCircuit();
        return endpoint

            // The signature says who sends.
            .AllowAnonymous().WithTags("Webhooks").WithName(name).WithSummary(summary).DisableAntiforgery()
            .Produces(StatusCodes.Status202Accepted)
            .Refuses(400, "NotADelivery", NotADelivery)
            .Refuses(401, "SignatureMismatch", SignatureMismatch)
            .Refuses(413, "BodyTooLarge", TooLarge(26_214_400))
            .AddOpenApiOperationTransformer((operation, _, _) => WebhookDescription.AddRequestAsync(operation));
    }

    private static string NoProvider(string slug) => $"There is no provider \"{slug}\" here. Compare the webhook URL in GitHub with the provider's page.";

    private static string TooLarge(long limit) => $"A delivery may have at most {limit} bytes; GitHub sends none above 25 MB.";

    /// <summary>A body lives only until its compressed copy is made, so those of usual size share their buffers.</summary>
    private async Task ReceiveAsync(HttpContext context, string? slug)
    {
        var buffer = context.Request.ContentLength is > 0 and <= PooledBody ? ArrayPool<byte>.Shared.Rent((int)context.Request.ContentLength) : null;
        try
        {
            await ReceiveAsync(context, slug, buffer);
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async Task ReceiveAsync(HttpContext context, string? slug, byte[]? buffer)
    {
        var request = context.Request;
        var eventName = request.Headers["X-GitHub-Event"].ToString();
        var guid = request.Headers["X-GitHub-Delivery"].ToString();
        if (eventName.Length is 0 or > 100 || guid.Length is 0 or > 100)
        {
            await RefuseAsync(context, 400, "NotADelivery", NotADelivery);
            return;
        }

        if (await ReadBodyAsync(request, buffer, context.RequestAborted) is not { } body)
        {
            await RefuseAsync(context, 413, "BodyTooLarge", TooLarge(options.Value.MaxBodyBytes));
            return;
        }

        var hookId = long.TryParse(request.Headers["X-GitHub-Hook-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
        var (sender, refusal) = await AuthenticateAsync(slug, hookId, body, request.Headers["X-Hub-Signature-256"], context.RequestAborted);
        if (sender is null)
        {
            // GitHub pings a new App before its registration is complete here, and anyone may guess at names.
            Log.DeliveryRejected(logger, refusal!.Value.Status == 404 ? LogLevel.Information : LogLevel.Warning, guid, eventName, refusal.Value.Code);
            await RefuseAsync(context, refusal.Value.Status, refusal.Value.Code, refusal.Value.Detail);
            return;
        }

        var payload = body;
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
        {
            payload = WebhookBody.FromForm(body.Span) ?? body;
        }

        if (!FaultPoint.Protects("unique-guid"))
        {
            guid += "-" + Guid.NewGuid().ToString("N");
        }

        var delivery = NewDelivery.From(
            sender.ProviderId, guid, eventName, hookId, KeptHeadersOf(request), payload.Span, DeliverySource.Webhook, time.GetUtcNow());
        var verdict = await inbox.StoreAsync(delivery);
        metrics.Received(eventName, verdict);
        FaultPoint.Reached("delivery-before-answer");
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async ValueTask<(WebhookSender? Sender, (int Status, string Code, string Detail)? Refusal)> AuthenticateAsync(
        string? slug, long? hookId, ReadOnlyMemory<byte> body, string? signature, CancellationToken cancellation)
    {
        if (slug is not null)
        {
            return await providers.FindAsync(slug, cancellation) is { } provider
                ? IsSigned(body, signature, provider.Secrets) ? (provider, null) : (null, Unsigned(signature))
                : (null, (404, "UnknownProvider", NoProvider(slug)));
        }

        var hooks = await providers.FindHooksAsync(hookId, cancellation);
        var matching = hooks.Where(hook => IsSigned(body, signature, hook.Secrets)).ToList();
        if (matching.Count != 1)
        {
            return (null, matching.Count == 0 ? Unsigned(signature) : (401, "AmbiguousHook", "Two hooks share this secret, so it cannot be said which of them sent this. Give each hook a secret of its own."));
        }

        if (hookId is { } heard)
        {
            await providers.HeardAsync(matching[0], heard, cancellation);
        }

        return (matching[0], null);
    }

    private static bool IsSigned(ReadOnlyMemory<byte> body, string? signature, IReadOnlyList<byte[]> secrets) =>
        WebhookSignature.Verify(body.Span, signature, secrets) >= SignatureVerdict.MatchedFirst;

    private static (int, string, string) Unsigned(string? signature) =>
        string.IsNullOrEmpty(signature)
            ? (401, "SignatureMissing", "The header X-Hub-Signature-256 is missing. Set a webhook secret in GitHub: unsigned deliveries are not taken.")
            : (401, "SignatureMismatch", SignatureMismatch);

    private static Dictionary<string, string> KeptHeadersOf(HttpRequest request)
    {
        var kept = new Dictionary<string, string>(KeptHeaders.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var name in KeptHeaders)
        {
            if (request.Headers.TryGetValue(name, out var value))
            {
                kept[name] = value.ToString();
            }
        }

        return kept;
    }

    /// <summary>The raw body, or null where it is larger than allowed.</summary>
    private async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, byte[]? buffer, CancellationToken cancellation)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            return null;
        }

        if (request.ContentLength is { } length)
        {
            var body = (buffer ?? new byte[length]).AsMemory(0, (int)length);
            await request.Body.ReadExactlyAsync(body, cancellation);
            return body;
        }

        var writer = new ArrayBufferWriter<byte>(64 * 1024);
        while (true)
        {
            var read = await request.Body.ReadAsync(writer.GetMemory(64 * 1024), cancellation);
            if (read == 0)
            {
                return writer.WrittenMemory;
            }

            writer.Advance(read);
            if (writer.WrittenCount > limit)
            {
                return null;
            }
        }
    }

    private Task RefuseAsync(HttpContext context, int status, string code, string detail)
    {
        metrics.Refused(code);
        return Problem.Write(context, status, code, detail);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "DeliveryRejected", Message = "DeliveryRejected: {Guid} ({Event}): {Code}.")]
        public static partial void DeliveryRejected(ILogger logger, LogLevel level, string guid, string @event, string code);
    }
}
