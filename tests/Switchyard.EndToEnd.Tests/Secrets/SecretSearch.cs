using System.Text;
using System.Text.Json;
using Switchyard.EndToEnd.Tests.Infrastructure;

namespace Switchyard.EndToEnd.Tests.Secrets;

/// <summary>A secret by a name that may be said.</summary>
internal sealed record Secret(string Name, string Value)
{
    /// <summary>The shortest piece by which it is recognised.</summary>
    private const int Piece = 16;

    /// <summary>As it is, and as base64 (at each of the three alignments), URL-encoded and JSON-escaped.</summary>
    public IEnumerable<(string Form, byte[] Bytes)> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Value);
        yield return ("plain", bytes);
        for (var shift = 0; shift < 3; shift++)
        {
            // The characters at both ends depend on what stands around it.
            var text = Convert.ToBase64String([.. new byte[shift], .. bytes]).TrimEnd('=');
            var inner = text[(shift == 0 ? 0 : 4)..^2];
            if (inner.Length >= Piece)
            {
                yield return ("base64", Encoding.ASCII.GetBytes(inner));
                yield return ("base64url", Encoding.ASCII.GetBytes(inner.Replace('+', '-').Replace('/', '_')));
            }
        }

        yield return ("URL-encoded", Encoding.ASCII.GetBytes(Uri.EscapeDataString(Value)));
        yield return ("form-encoded", Encoding.ASCII.GetBytes(System.Net.WebUtility.UrlEncode(Value)));
        yield return ("JSON", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Value)[1..^1]));
        yield return ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
    }
}

/// <summary>Looks for secrets where they must not be.</summary>
internal static class SecretSearch
{
    /// <summary>Every token that GitHub has given out so far, with its last part alone as well: the rest may be shown by chance.</summary>
    public static IReadOnlyList<Secret> TokensOf(SimulatedGitHub github) =>
        [.. github.Host.World.Tokens.All.SelectMany((token, i) => (Secret[])[new($"token {i}", token.Value), new($"end of token {i}", token.Value[^20..])])];

    /// <summary>A private key, line by line: however it is wrapped, a line of it stays.</summary>
    public static IReadOnlyList<Secret> KeyLines(string pem) =>
        [.. pem.Split('\n').Where(line => line.Length > 30 && !line.StartsWith("-----", StringComparison.Ordinal)).Select((line, i) => new Secret($"line {i} of the private key", line.Trim()))];

    public static IEnumerable<string> InFolder(string folder, IReadOnlyList<Secret> secrets)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsSearched))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            foreach (var found in In(file, bytes.ToArray(), secrets))
            {
                yield return found;
            }
        }
    }

    /// <summary>Not the key that a test itself puts there, and not the empty file that the server keeps locked.</summary>
    private static bool IsSearched(string file) => Path.GetFileName(file) != "key.pem" && !file.EndsWith(".db.lock", StringComparison.Ordinal);

    public static IEnumerable<string> InText(string place, string text, IReadOnlyList<Secret> secrets) => In(place, Encoding.UTF8.GetBytes(text), secrets);

    private static IEnumerable<string> In(string place, byte[] bytes, IReadOnlyList<Secret> secrets) =>
        from secret in secrets
        from form in secret.Forms()
        where bytes.AsSpan().IndexOf(form.Bytes) >= 0
        select $"{secret.Name} ({form.Form}) in {place}";
}
