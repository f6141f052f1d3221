using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>Lists the tree of a commit: <c>100644 blob &lt;oid&gt;    1234\tpath</c>, each ended by NUL.</summary>
internal static class GitTree
{
    public static async IAsyncEnumerable<TreeEntry> ListAsync(
        MirrorFolder folder,
        string commit,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Sizes of blobs that are not here cannot be had, and asking for each costs a look through all packs.
        string[] sizes = folder.Depth == GitDepth.Whole ? ["-l"] : [];
        string[] arguments = ["ls-tree", "-r", "-z", "--full-tree", .. sizes, commit];
        await foreach (var line in folder.StreamAsync($"list the files of commit {commit}", arguments, 0, cancellation))
        {
            yield return Parse(line.Span);
        }
    }

    private static TreeEntry Parse(ReadOnlySpan<byte> line)
    {
        var tab = line.IndexOf((byte)'\t');
        var parts = Encoding.ASCII.GetString(line[..tab]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long? size = parts.Length > 3 && long.TryParse(parts[3], CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        return new TreeEntry(parts[0], parts[1], parts[2], size, GitPath.ToText(line[(tab + 1)..]));
    }
}
