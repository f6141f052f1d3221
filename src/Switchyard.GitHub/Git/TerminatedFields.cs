using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>Cuts git's <c>-z</c> output into its fields with one growing buffer.</summary>
internal static class TerminatedFields
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The memory given is valid until the next one is asked for.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream,
        byte terminator,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var (start, end) = (0, 0);
        while (true)
        {
            int length;
            var searched = start;
            while ((length = buffer.AsSpan(searched, end - searched).IndexOf(terminator)) < 0)
            {
                searched = end;
                if (end == buffer.Length)
                {
                    if (start > 0)
                    {
                        buffer.AsSpan(start, end - start).CopyTo(buffer);
                    }
                    else
                    {
                        Array.Resize(ref buffer, buffer.Length * 2);
                    }

                    (searched, end, start) = (searched - start, end - start, 0);
                }

                var count = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
                if (count == 0)
                {
                    if (end > start)
                    {
                        yield return buffer.AsMemory(start, end - start);
                    }

                    yield break;
                }

                end += count;
            }

            var next = searched + length;
            yield return buffer.AsMemory(start, next - start);
            start = next + 1;
        }
    }

    /// <summary>A name from git as text: UTF-8, and where it is not, the odd bytes as <c>\xHH</c> so that no two names fall together.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            var text = new StringBuilder(bytes.Length + 8);
            while (!bytes.IsEmpty)
            {
                if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
                {
                    text.Append(rune.ToString());
                }
                else
                {
                    consumed = 1;
                    text.Append("\\x").Append(bytes[0].ToString("X2", CultureInfo.InvariantCulture));
                }

                bytes = bytes[consumed..];
            }

            return text.ToString();
        }
    }
}
