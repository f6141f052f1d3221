using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>
/// Reads <c>git log --raw -z</c>: seven fields of the commit, then for each change <c>:old new oldOid newOid S</c> and the
/// path (the first change is led by a newline), everything ended by NUL.
/// </summary>
internal static class GitHistory
{
    private const string Format = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%s";

    // No rename detection, no notes, no mailmap (it is read from HEAD in a bare repository), no signature check.
    private static readonly string[] Options =
    [
        "log", "--first-parent", "--diff-merges=first-parent", "--root", "--no-renames", "--raw", "-z", "--reverse", "--no-abbrev",
        "--no-mailmap", "--no-notes", "--no-show-signature", "--no-color", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8", Format,
    ];

    public static async IAsyncEnumerable<CommitStep> WalkAsync(
        MirrorFolder folder,
        string? after,
        string head,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string[] range = after is null ? [head] : [head, "^" + after];
        await using var fields = folder
            .StreamAsync($"read the history of {head}", [.. Options, "--end-of-options", .. range, "--"], 0, cancellation)
            .GetAsyncEnumerator(cancellation);
        var more = await fields.MoveNextAsync();
        while (more)
        {
            var commit = new string[7];
            for (var i = 0; i < commit.Length; i++)
            {
                commit[i] = TerminatedFields.Text(fields.Current.Span);
                more = await fields.MoveNextAsync();
                if (!more && i < commit.Length - 1)
                {
                    // Cut short: the enumerator has thrown if git failed, so this is a form of output we do not know.
                    throw new GitException(GitErrorKind.Unexpected, $"Could not read the history of {head}: git's output ended within a commit. Report the version of git.");
                }
            }

            var changes = new List<TreeChange>();
            while (more && IsChange(fields.Current.Span))
            {
                var parts = Encoding.ASCII.GetString(fields.Current.Span).TrimStart('\n', ':').Split(' ');
                await fields.MoveNextAsync();
                changes.Add(new TreeChange(parts[4][0], parts[0], parts[1], parts[2], parts[3], GitPath.ToText(fields.Current.Span)));
                more = await fields.MoveNextAsync();
            }

            yield return new CommitStep(
                commit[0],
                commit[1].Length == 0 ? null : commit[1].Split(' ')[0],
                commit[2],
                commit[3],
                Time(commit[4]),
                Time(commit[5]),
                commit[6],
                changes);
        }
    }

    public static async IAsyncEnumerable<string> ChainAsync(
        MirrorFolder folder,
        string head,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string[] arguments = ["rev-list", "--first-parent", "--end-of-options", head, "--"];
        await foreach (var line in folder.StreamAsync($"read the history of {head}", arguments, (byte)'\n', cancellation))
        {
            yield return Encoding.ASCII.GetString(line.Span);
        }
    }

    public static async Task<bool> IsOnChainAsync(MirrorFolder folder, string commit, string head, CancellationToken cancellation)
    {
        if (string.Equals(commit, head, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // The oldest commit of the chain that is not in the history of `commit` has it as its first parent, or it is off the chain.
        string[] arguments = ["rev-list", "--first-parent", "--parents", "--end-of-options", head, "^" + commit, "--"];
        try
        {
            var last = "";
            await foreach (var line in folder.StreamAsync($"compare {commit} with {head}", arguments, (byte)'\n', cancellation))
            {
                last = Encoding.ASCII.GetString(line.Span);
            }

            return last.Split(' ') is [_, var parent, ..] && string.Equals(parent, commit, StringComparison.OrdinalIgnoreCase);
        }
        catch (GitException error) when (error.Kind == GitErrorKind.RefNotFound)
        {
            return false;
        }
    }

    private static bool IsChange(ReadOnlySpan<byte> field) => field is [(byte)':', ..] or [(byte)'\n', (byte)':', ..];

    private static DateTimeOffset Time(string seconds) =>
        long.TryParse(seconds, CultureInfo.InvariantCulture, out var value) && value is > -62_135_596_800 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(value)
            : DateTimeOffset.UnixEpoch;
}
