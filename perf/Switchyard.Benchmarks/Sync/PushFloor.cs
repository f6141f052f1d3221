using System.Text;
using Switchyard.Benchmarks.Harness;

namespace Switchyard.Benchmarks.Sync;

/// <summary>What no push can be quicker than: git's fetch, diff and read, one after the other.</summary>
internal static class PushFloor
{
    /// <summary>Fetches <paramref name="source"/> into the mirror's main branch and reads the file that changed; gives milliseconds.</summary>
    public static async Task<double> TimeAsync(string mirror, Uri remote, string source, string before, string after) =>
        1000 * await SyncFloor.TimeAsync(async () =>
        {
            await GitCommand.RunAsync(mirror, ["fetch", "--quiet", remote.AbsoluteUri, $"+{source}:refs/heads/main"]);
            var diff = Encoding.UTF8.GetString(await GitCommand.RunAsync(mirror, ["diff-tree", "-r", "--raw", "--no-abbrev", before, after]));
            await GitCommand.RunAsync(mirror, ["cat-file", "blob", diff.Split(' ')[3]]);
        });
}
