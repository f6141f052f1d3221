using System.Text;
using System.Text.RegularExpressions;

namespace Switchyard.GitHub;

/// <summary>
/// Takes secrets out of text that leaves the library. Both token formats: <c>ghs_</c> with 36 characters, and
/// <c>ghs_APPID_JWT</c> of about 520 with dots and dashes (changelog 2026-05-15; GitHub's own pattern misses the dash).
/// </summary>
internal static partial class Redaction
{
    private const string Mask = "***";

    public static string Scrub(string text, string? token = null)
    {
        if (!string.IsNullOrEmpty(token))
        {
            text = text.Replace(token, Mask, StringComparison.Ordinal)
                .Replace(Basic(token), Mask, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(token), Mask, StringComparison.Ordinal);
        }

        return Secrets().Replace(text, Mask);
    }

    /// <summary>The Basic credentials by which git shows an installation token.</summary>
    public static string Basic(string token) => Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + token));

    [GeneratedRegex(
        @"gh[a-z]_[A-Za-z0-9._-]{20,}|github_pat_[A-Za-z0-9_]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|(?<=(?i:authorization: (?:basic|bearer) ))\S+|(?<=://)[^/@\s]+(?=@)",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secrets();
}
