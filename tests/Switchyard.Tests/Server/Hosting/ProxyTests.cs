using System.Net;
using Switchyard.Server.Access;
using Xunit;

namespace Switchyard.Tests.Server.Hosting;

/// <summary>Behind a reverse proxy: who is believed what, and when cookies are for encrypted connections alone.</summary>
public sealed class ProxyTests
{
    [Theory]
    [InlineData("127.0.0.1", "198.51.100.7", true)]
    [InlineData("10.0.0.0/8", "127.0.0.1", false)]
    [InlineData(null, "127.0.0.1", false)]
    public async Task What_is_forwarded_is_believed_of_configured_proxies_alone(string? trusted, string expected, bool encrypted)
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Proxy:Trusted"] = trusted });

        var (cookie, address) = await SignInAsync(server, ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "switchyard.test"));

        Assert.Equal(encrypted, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(IPAddress.Parse(expected), IPAddress.Parse(address).MapToIPv4());
    }

    [Theory]
    [InlineData("switchyard.test", true)]
    [InlineData("127.0.0.1", false)]
    public async Task Cookies_are_for_encrypted_connections_where_the_public_URL_is_asked_by_its_name(string host, bool encrypted)
    {
        await using var server = await ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Providers:PublicUrl"] = "https://switchyard.test" });

        Assert.Equal(encrypted, (await SignInAsync(server, ("Host", host))).Cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<(string Cookie, string Address)> SignInAsync(ServerFixture server, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/setup") { Content = new FormUrlEncodedContent([KeyValuePair.Create("token", await server.Get<SessionStore>().MakeLinkAsync(CancellationToken.None))]) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith(Session.CookieName, StringComparison.Ordinal));
        return (cookie, (await server.Database.ReadAsync(session => session.ScalarAsync<string>("select address from sessions order by id desc limit 1"), CancellationToken.None))!);
    }
}
