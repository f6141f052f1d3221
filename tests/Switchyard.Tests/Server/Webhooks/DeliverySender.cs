using System.Net.Http.Headers;
using System.Text;
using Switchyard.GitHub.Webhooks;
using Switchyard.Server.Providers;
using Switchyard.Server.Vault;
using Xunit;

namespace Switchyard.Tests.Server.Webhooks;

/// <summary>A provider without a GitHub behind it, and its deliveries.</summary>
internal sealed class DeliverySender(ServerFixture server)
{
    public const string Secret = "It's a Secret to Everybody";

    public long ProviderId { get; private set; }

    public static async Task<DeliverySender> AddAsync(ServerFixture server)
    {
        var sender = new DeliverySender(server);
        var secret = await server.Get<SecretVault>().SealAsync(Secret, CancellationToken.None);
        await server.Database.WriteAsync(
            async session =>
            {
                sender.ProviderId = await server.Get<ProviderStore>().AddAsync(
                    session, new Provider { Slug = "github", Kind = ProviderKind.Token, Name = "github", ApiUrl = "http://127.0.0.1:9/", WebUrl = "http://127.0.0.1:9/" });
                await server.Get<SecretVault>().SetAsync(session, Provider.ScopeOf(sender.ProviderId), ProviderSecret.WebhookSecret, secret, "test");
            },
            CancellationToken.None);
        return sender;
    }

    public async Task<HttpResponseMessage> PostAsync(
        string eventName, byte[] body, string? guid = null, string? signature = "right", string path = "/webhooks/github", string contentType = "application/json", long? hook = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.Add("X-GitHub-Event", eventName);
        request.Headers.Add("X-GitHub-Delivery", guid ?? Guid.NewGuid().ToString());
        if (hook is not null)
        {
            request.Headers.Add("X-GitHub-Hook-ID", hook.ToString());
        }

        var sent = signature == "right" ? WebhookSignature.Sign(body, Encoding.UTF8.GetBytes(Secret)) : signature;
        if (sent is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", sent);
        }

        return await server.Http.SendAsync(request);
    }

    public Task<List<(string Guid, string State, string? Outcome)>> ListAsync() =>
        server.Database.ReadAsync(session => session.QueryAsync<(string, string, string?)>("select guid, state, outcome from deliveries order by id"), CancellationToken.None);

    /// <summary>Waits until nothing is left to work off.</summary>
    public async Task IdleAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await server.Database.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from deliveries where state = 'Received'"), limit.Token) > 0)
        {
            Assert.False(limit.IsCancellationRequested, "deliveries are still waiting after 60 s");
            await Task.Yield();
        }
    }
}
