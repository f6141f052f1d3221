using System.Text;
using System.Text.RegularExpressions;

namespace Switchyard.GitHub.Git;

/// <summary>Brings many blobs into a blobless mirror by one fetch that names them all, as git does it for itself.</summary>
internal sealed partial class BulkBlobs(MirrorFolder folder, GitOptions options)
{
    // About 1 MB of requests: few round trips, and no server limit is known to be near.
    private const int PerFetch = 20_000;
    private const int GoneBeforeGivingUp = 64;

    public async Task<IReadOnlyCollection<string>> FetchAsync(
        IReadOnlyCollection<string> oids,
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        CancellationToken cancellation)
    {
        var gone = new List<string>();
        foreach (var batch in (await MissingAsync(oids, cancellation)).Chunk(PerFetch))
        {
            await FetchBatchAsync([.. batch], gone, remote, token, cancellation);
        }

        return gone;
    }

    /// <summary>Which of the objects are not here.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyCollection<string> oids, CancellationToken cancellation)
    {
        if (oids.Count == 0)
        {
            return [];
        }

        var wanted = oids.Select(Oid.Require).Distinct(StringComparer.Ordinal).ToList();
        var command = new GitCommand("look for objects", folder.Location, ["cat-file", "--batch-check", "--buffer"]) { HasInput = true };
        await using var git = GitProcess.Start(options, command, cancellation);
        var writing = WriteAsync(git, wanted, cancellation);
        var missing = new List<string>();
        await foreach (var line in TerminatedFields.ReadAsync(git.Output, (byte)'\n', cancellation))
        {
            if (line.Span.EndsWith(" missing"u8))
            {
                missing.Add(Encoding.ASCII.GetString(line.Span[..^" missing".Length]));
            }
        }

        await writing;
        await git.EnsureSuccessAsync();
        return missing;
    }

    private async Task FetchBatchAsync(
        HashSet<string> batch,
        List<string> gone,
        Uri remote,
        Func<CancellationToken, ValueTask<string?>> token,
        CancellationToken cancellation)
    {
        // No negotiation: it would send all our commits only to be told that no history is needed.
        string[] arguments =
        [
            "-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-auto-gc", "--no-auto-maintenance", "--no-write-fetch-head",
            "--no-recurse-submodules", "--filter=blob:none", "--stdin", "origin",
        ];
        while (batch.Count > 0)
        {
            try
            {
                await GitAttempts.RunAsync(
                    options,
                    remote,
                    token,
                    blobless: true,
                    async access =>
                    {
                        var command = new GitCommand($"fetch {batch.Count} blobs of {remote.AbsoluteUri}", folder.Location, arguments) { Access = access, HasInput = true };
                        await using var git = GitProcess.Start(options, command, cancellation);
                        await WriteAsync(git, batch, cancellation);
                        await git.Output.CopyToAsync(Stream.Null, cancellation);
                        await git.EnsureSuccessAsync();
                        return true;
                    },
                    cancellation);
                return;
            }
            catch (GitException error) when (NotOurRef().Match(error.Message) is { Success: true } match && batch.Remove(match.Value))
            {
                // Dropped on the remote by a force push and a clean-up; one of them refuses the whole request.
                gone.Add(match.Value);
                if (gone.Count > GoneBeforeGivingUp)
                {
                    throw;
                }
            }
        }
    }

    private static async Task WriteAsync(GitProcess git, IEnumerable<string> oids, CancellationToken cancellation)
    {
        try
        {
            await using var writer = new StreamWriter(git.Input, Encoding.ASCII, bufferSize: 32 * 1024);
            writer.NewLine = "\n";
            foreach (var oid in oids)
            {
                await writer.WriteLineAsync(oid.AsMemory(), cancellation);
            }
        }
        catch (IOException)
        {
            // Git ended before it had read all; its exit code and standard error say why.
        }
    }

    [GeneratedRegex(@"(?<=not our ref )[0-9a-f]{40,64}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NotOurRef();
}
