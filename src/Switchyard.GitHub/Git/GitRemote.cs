using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>Asks a remote for its refs without a mirror (<c>git ls-remote</c>).</summary>
public static class GitRemote
{
    /// <summary>
    /// The refs that match any of <paramref name="patterns"/> (all when empty), HEAD with the ref it names included.
    /// Annotated tags come with the commit they point at.
    /// </summary>
    /// <exception cref="GitException">The remote could not be asked.</exception>
    public static async Task<IReadOnlyList<GitRef>> ListRefsAsync(
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        IReadOnlyList<string> patterns,
        GitOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new GitOptions();
        var output = await GitAttempts.RunAsync(
            options,
            remote,
            token,
            blobless: false,
            access => GitProcess.RunAsync(
                options,
                new GitCommand($"list the refs of {remote.AbsoluteUri}", null, ["ls-remote", "--quiet", "--symref", "--end-of-options", access.Remote.AbsoluteUri, .. patterns]) { Access = access },
                cancellation),
            cancellation);
        return Parse(Encoding.UTF8.GetString(output));
    }

    // "ref: refs/heads/main\tHEAD", "<sha>\trefs/tags/v1", "<sha>\trefs/tags/v1^{}"
    internal static List<GitRef> Parse(string output)
    {
        const string Symbolic = "ref: ";
        const string Peeled = "^{}";
        var refs = new List<GitRef>();
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0)
            {
                continue;
            }

            var (left, name) = (line[..tab], line[(tab + 1)..]);
            if (left.StartsWith(Symbolic, StringComparison.Ordinal))
            {
                targets[name] = left[Symbolic.Length..];
            }
            else if (name.EndsWith(Peeled, StringComparison.Ordinal) && refs.Count > 0 && refs[^1].Name == name[..^Peeled.Length])
            {
                refs[^1] = refs[^1] with { PeeledSha = left };
            }
            else
            {
                refs.Add(new GitRef(name, left, null, targets.GetValueOrDefault(name)));
            }
        }

        return refs;
    }
}
