using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Switchyard.GitHub;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Providers;

/// <summary>
/// Asks this server under its public URL, as GitHub would, and looks whether it is this server that answers. A private address is not
/// asked unless GitHub is on one too: GitHub could not reach it, and nobody is to look around in this network from here.
/// </summary>
internal sealed class PublicUrlProbe(Database database, TimeProvider time)
{
    public const string Path = "/reach/";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private byte[]? key;

    /// <summary>What only this server (and its other nodes) answers.</summary>
    public async Task<string> AnswerToAsync(string question, CancellationToken cancellation)
    {
        key ??= await database.ReadAsync(session => session.FirstAsync<byte[]>("select value from reach_key where id = 1"), cancellation)
            ?? await database.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("insert into reach_key (id, value) values (1, @value) on conflict (id) do nothing", new { value = RandomNumberGenerator.GetBytes(32) });
                    return (await session.FirstAsync<byte[]>("select value from reach_key where id = 1"))!;
                },
                cancellation);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(question)));
    }

    public async Task<ProbeResult> RunAsync(string? url, GitHubHost host, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url?.Trim(), UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
        {
            return new ProbeResult(url ?? "", "Invalid", $"\"{url}\" is no address. Give one such as https://switchyard.example.com.");
        }

        ProbeResult Say(string verdict, string detail) => new(address.GetLeftPart(UriPartial.Path).TrimEnd('/'), verdict, detail);
        IPAddress[] places;
        try
        {
            places = await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellation);
        }
        catch (SocketException unknown)
        {
            return Say("Unreachable", $"The name {address.DnsSafeHost} is not known here: {unknown.Message}. Correct it, or go on with polling only.");
        }

        if (places.FirstOrDefault(IsPrivate) is { } inside && !await IsInsideAsync(host, cancellation))
        {
            return Say("Private", $"{address.DnsSafeHost} is {inside} here, an address that {host} cannot reach. Take polling only, or an address that is reachable from the Internet; if your DNS answers otherwise outside, go on.");
        }

        return await AskAsync(address, places, Say, cancellation);
    }

    private async Task<ProbeResult> AskAsync(Uri address, IPAddress[] places, Func<string, string, ProbeResult> say, CancellationToken cancellation)
    {
        var question = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectCallback = (context, stop) => ConnectAsync(places, context.DnsEndPoint.Port, stop) };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = 4096 };
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var answer = await client.GetAsync(new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + Path + question), either.Token);
            var text = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(either.Token) : "";
            return text == await AnswerToAsync(question, cancellation)
                ? say("Reachable", $"This server answers there{(address.Scheme == "http" ? ", without encryption: what GitHub sends is signed, but anybody on the way can read it" : "")}.")
                : say("OtherServer", $"Something answers there with status {(int)answer.StatusCode}, and it is not this server. Correct the address or the proxy, or go on with polling only.");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return say("Unreachable", $"Nothing answered within {Limit.TotalSeconds:0} seconds. GitHub could not reach this server; open the way, or go on with polling only.");
        }
        catch (HttpRequestException failed)
        {
            return say("Unreachable", $"Nothing answers there: {failed.Message} GitHub could not reach this server; open the way, or go on with polling only.");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(IPAddress[] places, int port, CancellationToken cancellation)
    {
        // The very addresses that were looked at, whatever the name means a moment later.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(places, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<bool> IsInsideAsync(GitHubHost host, CancellationToken cancellation)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(host.Web.DnsSafeHost, cancellation)).Any(IsPrivate);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static bool IsPrivate(IPAddress given)
    {
        var address = given.IsIPv4MappedToIPv6 ? given.MapToIPv4() : given;
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return true;
        }

        return address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [var a, var b, ..]
            && (a is 0 or 10 or 127 || (a, b) is (192, 168) or (169, 254) || (a == 172 && b is >= 16 and < 32) || (a == 100 && b is >= 64 and < 128));
    }
}
