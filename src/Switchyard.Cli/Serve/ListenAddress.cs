using Microsoft.AspNetCore.Http;

namespace Switchyard.Cli.Serve;

/// <summary>The addresses that a server is to listen on, judged before anything is made for it.</summary>
internal static class ListenAddress
{
    /// <summary>A sentence for each address that is none.</summary>
    /// <param name="urls">The setting: addresses with semicolons between them.</param>
    public static IEnumerable<string> WrongIn(string? urls) =>
        from url in urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? []
        where !IsAddress(url)
        select $"The address to listen on (--url) is \"{url}\"; it must be http:// or https:// with a host and a port up to 65535, as http://127.0.0.1:8080.";

    private static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http" or "https", PathBase: "", Port: >= 0 and <= 65535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
