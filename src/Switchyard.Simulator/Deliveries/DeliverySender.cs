using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Switchyard.Simulator.Deliveries;

/// <summary>Makes one attempt: signs, posts, waits for the answer as long as GitHub does, and writes the log.</summary>
internal sealed class DeliverySender : IDisposable
{
    private const int KeptBody = 65_536;
    private readonly World world;
    private readonly HttpClient client;

    public DeliverySender(World world)
    {
        this.world = world;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<DeliveryAttempt> SendAsync(OutboundEvent outbound, CancellationToken stopping)
    {
        var hook = outbound.Hook;
        var attempt = new DeliveryAttempt(world.Deliveries.Log.NextId(), outbound, world.Clock.Now, hook.Url) { Status = "", StatusCode = 0 };
        var time = world.Options.Time;
        var started = time.GetTimestamp();
        var cut = world.Faults.Find("deliveries.cutAfter");
        var usual = world.Faults.IsOn("api.ghes") ? 30 : 10;
        var seconds = cut?.Number("seconds", usual) ?? usual;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds > 0 ? seconds : usual), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        var form = hook.ContentType == "form" || world.Faults.IsOn("deliveries.form");
        var body = form ? Encoding.ASCII.GetBytes("payload=" + FormEncode(outbound.Payload)) : outbound.Payload;
        var headers = Headers(outbound, body, form);
        try
        {
            using var content = new ByteArrayContent(body);
            using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = content };
            foreach (var (name, value) in headers)
            {
                if (name == "Content-Type")
                {
                    content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
                }
                else
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }
            }

            using var response = await client.SendAsync(request, linked.Token);
            var answer = await response.Content.ReadAsByteArrayAsync(linked.Token);
            attempt = seconds == 0 ? TimedOut(attempt) : attempt with
            {
                Status = response.IsSuccessStatusCode ? "OK" : $"Invalid HTTP Response: {(int)response.StatusCode}",
                StatusCode = (int)response.StatusCode,
                ResponseHeaders = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
                ResponseBody = Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, KeptBody))),
            };
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            attempt = TimedOut(attempt);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException or InvalidOperationException)
        {
            attempt = attempt with { Status = "failed to connect to host", StatusCode = (int)HttpStatusCode.BadGateway };
        }

        attempt = attempt with { RequestHeaders = headers, Duration = time.GetElapsedTime(started).TotalSeconds };
        world.Deliveries.Log.Add(attempt);
        return attempt;
    }

    public void Dispose() => client.Dispose();

    private static DeliveryAttempt TimedOut(DeliveryAttempt attempt) =>
        attempt with { Status = "timed out", StatusCode = (int)HttpStatusCode.GatewayTimeout };

    private Dictionary<string, string> Headers(OutboundEvent outbound, byte[] body, bool form)
    {
        var hook = outbound.Hook;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Accept"] = "*/*",
            ["Content-Type"] = form ? "application/x-www-form-urlencoded" : "application/json",
            ["User-Agent"] = "GitHub-Hookshot/51ab1ba",
            ["X-GitHub-Delivery"] = outbound.Guid,
            ["X-GitHub-Event"] = outbound.Event,
            ["X-GitHub-Hook-ID"] = hook.Id.ToString(),
            ["X-GitHub-Hook-Installation-Target-ID"] = hook.TargetId.ToString(),
            ["X-GitHub-Hook-Installation-Target-Type"] = hook.TargetType,
        };
        if (world.Faults.Find("api.ghes") is { } ghes)
        {
            headers["X-GitHub-Enterprise-Host"] = world.Urls.Host;
            headers["X-GitHub-Enterprise-Version"] = ghes.Text("version") ?? "3.20";
        }

        Sign(hook, body, headers);
        return headers;
    }

    private void Sign(Hook hook, byte[] body, Dictionary<string, string> headers)
    {
        var old = world.Faults.Find("deliveries.oldSecret");
        var secret = old is null ? hook.Secret : old.Text("secret") ?? hook.PreviousSecret ?? hook.Secret;
        var unsigned = world.Faults.Find("deliveries.unsigned");
        if (secret is null || (unsigned is not null && !unsigned.Flag("sha1Only")))
        {
            return;
        }

        var key = Encoding.UTF8.GetBytes(secret);
        var signature = HMACSHA256.HashData(key, body);
        if (world.Faults.IsOn("deliveries.badSignature"))
        {
            signature[0] ^= 1;
        }

#pragma warning disable CA5350 // GitHub still sends the SHA-1 header; receivers must ignore it.
        headers["X-Hub-Signature"] = "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(key, body));
#pragma warning restore CA5350
        if (unsigned is null)
        {
            headers["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(signature);
        }
    }

    /// <summary>Not Uri.EscapeDataString: that refuses long texts, and payloads may have 25 MB.</summary>
    private static string FormEncode(byte[] payload) => Encoding.ASCII.GetString(WebUtility.UrlEncodeToBytes(payload, 0, payload.Length)!);
}
