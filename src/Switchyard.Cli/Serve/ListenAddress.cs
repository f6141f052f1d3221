using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Switchyard.Cli.Serve;

/// <summary>The addresses that a server is to listen on, judged before anything is made for it.</summary>
internal static class ListenAddress
{
    private const int LastPort = 65535;

    /// <summary>A sentence for each address that is none.</summary>
    /// <param name="urls">The setting: addresses with semicolons between them.</param>
    public static IEnumerable<string> WrongIn(string? urls) =>
        from url in Split(urls)
        where Parse(url) is null
        select $"The address to listen on (--url) is \"{url}\"; it must be http:// or https:// with a host and a port up to 65535, as http://127.0.0.1:8080.";

    /// <summary>The same addresses on ports that are maybe free.</summary>
    public static string Beside(string? urls) => string.Join(
        ';', Split(urls).Select(url => Parse(url) is { Port: > 0 } address ? string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{address.Host}:{Beside(address.Port)}") : url));

    /// <summary>Where a client on this machine reaches a server that listens on all its addresses.</summary>
    public static Uri Reachable(Uri address) => address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    private static string[] Split(string? urls) => urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    // The ports below 1024 are those of the system.
    private static int Beside(int port) => port < 1024 ? port + 8000 : port < LastPort ? port + 1 : port - 1;

    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "", Port: >= 0 and <= LastPort } address && HasHost(address) ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // A port that is no number counts as a part of the host, and the server would listen on port 80 of all interfaces.
    private static bool HasHost(BindingAddress address) =>
        address.IsUnixPipe || address.IsNamedPipe || !address.Host[(address.Host.LastIndexOf(']') + 1)..].Contains(':', StringComparison.Ordinal);
}
