using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Switchyard.Server.Hosting;

/// <summary>
/// The key of a page's last row, behind a few bytes of a hash over the key and over what was listed: a cursor that was cut,
/// or that belongs to another list, order or filter, would otherwise give some page without a word.
/// </summary>
internal static class PageCursor
{
    private const int MarkSize = 6;

    public static string Make(HttpRequest request, string defaultSort, string key) =>
        WebEncoders.Base64UrlEncode([.. Mark(request, defaultSort, key), .. Encoding.UTF8.GetBytes(key)]);

    /// <summary>The key; null where the cursor was not made for this list.</summary>
    public static string? Read(HttpRequest request, string defaultSort, string cursor)
    {
        try
        {
            var bytes = WebEncoders.Base64UrlDecode(cursor);
            var key = Encoding.UTF8.GetString(bytes.AsSpan(Math.Min(MarkSize, bytes.Length)));
            return bytes.AsSpan(0, Math.Min(MarkSize, bytes.Length)).SequenceEqual(Mark(request, defaultSort, key)) ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static byte[] Mark(HttpRequest request, string defaultSort, string key)
    {
        var text = new StringBuilder(request.Path.Value?.TrimEnd('/').ToLowerInvariant());
        foreach (var (name, value) in request.Query
            .Select(pair => (Name: pair.Key.ToLowerInvariant(), Value: pair.Value.ToString()))
            .Where(pair => pair.Name is not ("cursor" or "limit") && pair.Value.Length > 0 && pair != ("sort", defaultSort))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            text.Append('\n').Append(name).Append('=').Append(value);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.Append("\n\n").Append(key).ToString()))[..MarkSize];
    }
}
