using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Text.Json;

namespace Switchyard.Server.Panel;

/// <summary>
/// The scripts, styles and pictures of the panel, which <c>web/build.mjs</c> makes: parts of this assembly, so that nothing has to lie
/// beside it. Names hold a hash of what is in them, so browsers keep them for ever.
/// </summary>
internal static class PanelAssets
{
    private const string Prefix = "web/";
    private static readonly Assembly Here = typeof(PanelAssets).Assembly;

    private static readonly FrozenDictionary<string, string> Names =
        JsonSerializer.Deserialize<Dictionary<string, string>>(Read("manifest.json"))!.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, byte[]> Compressed = Names.Values.ToFrozenDictionary(name => name, name => Read(name + ".br"), StringComparer.Ordinal);

    /// <summary>Where <c>panel.css</c> is today.</summary>
    public static string Url(string name) => "/assets/" + Names[name];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/{name}", Send).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/favicon.ico", (HttpContext context) => Send(context, Names["favicon.svg"])).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, string name)
    {
        if (!Compressed.TryGetValue(name, out var content))
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "br";
        }
        else
        {
            using var plain = new MemoryStream();
            using (var stream = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress))
            {
                stream.CopyTo(plain);
            }

            content = plain.ToArray();
        }

        return TypedResults.Bytes(content, TypeOf(name));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };

    private static byte[] Read(string name)
    {
        using var stream = Here.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"The panel's {name} is not in {Here.GetName().Name}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
