using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Switchyard.EndToEnd.Tests.Infrastructure;

/// <summary>Posts one delivery as GitHub would, or nearly so.</summary>
internal sealed class Poster(SwitchyardProcess server)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(1) };

    public static string Sign(byte[] body, string secret = Stage.WebhookSecret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>Gives the status. A header that is null is left out.</summary>
    public async Task<(int Status, string Text)> PostAsync(
        byte[] body, string? eventName, string? guid, string? signature, string contentType = "application/json", string path = "/webhooks/" + Stage.Slug, string? sha1 = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["X-GitHub-Event"] = eventName,
            ["X-GitHub-Delivery"] = guid,
            ["X-Hub-Signature-256"] = signature,
            ["X-Hub-Signature"] = sha1,
        })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
