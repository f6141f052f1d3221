using System.Text;

namespace Switchyard.Simulator.Repositories;

/// <summary>Base64 as GitHub writes it: 60 characters a line, each line ended.</summary>
internal static class Base64
{
    private const int Width = 60;

    public static string Lines(ReadOnlySpan<byte> bytes)
    {
        var all = Convert.ToBase64String(bytes);
        var text = new StringBuilder(all.Length + (all.Length / Width) + 1);
        for (var at = 0; at < all.Length; at += Width)
        {
            text.Append(all, at, Math.Min(Width, all.Length - at)).Append('\n');
        }

        return text.ToString();
    }
}
