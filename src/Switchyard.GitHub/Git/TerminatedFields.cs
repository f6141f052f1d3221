using System.Runtime.CompilerServices;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>Cuts git's <c>-z</c> output into its fields with one growing buffer.</summary>
internal static class TerminatedFields
{
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

    /// <summary>What people wrote (a name, a subject) as text; a byte that is not UTF-8 is shown as the sign for that.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
