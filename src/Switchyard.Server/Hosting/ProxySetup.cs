using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Switchyard.Server.Hosting;

/// <summary>Section <c>Proxy</c>.</summary>
public sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Addresses or networks of the reverse proxies in front, by comma: <c>10.0.0.5, 172.16.0.0/12</c>. Only they are believed what they say of the client. Empty: nobody.</summary>
    public string? Trusted { get; set; }

    /// <summary>How many proxies stand one behind the other; default 1.</summary>
    public int Hops { get; set; } = 1;

    internal static IEnumerable<string> Split(string? trusted) => (trusted ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static bool IsPlace(string text) => IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _);
}

/// <summary>Believes <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> of the proxies that are configured, and of nobody else.</summary>
internal static class ProxySetup
{
    public static void Add(IServiceCollection services) =>
        services.AddOptions<ProxyOptions>().BindConfiguration(ProxyOptions.Section)
            .Validate(options => ProxyOptions.Split(options.Trusted).All(ProxyOptions.IsPlace), "Proxy:Trusted must be addresses or networks, by comma, e.g. 10.0.0.5, 172.16.0.0/12.")
            .Validate(options => options.Hops is >= 1 and <= 10, "Proxy:Hops must be a number from 1 to 10.")
            .ValidateOnStart();

    public static void Use(IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value;
        var places = ProxyOptions.Split(options.Trusted).ToList();
        if (places.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, ForwardLimit = options.Hops };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var place in places.Where(ProxyOptions.IsPlace))
        {
            if (IPAddress.TryParse(place, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else
            {
                forwarded.KnownIPNetworks.Add(IPNetwork.Parse(place));
            }
        }

        app.UseForwardedHeaders(forwarded);
    }
}
