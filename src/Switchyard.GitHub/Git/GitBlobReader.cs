using System.Runtime.CompilerServices;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>
/// Reads blobs through one long-lived <c>git cat-file --batch-command</c>. Git tells the size before the contents, so no
/// more of a blob comes into memory than was wanted. One operation at a time; open another reader to read in parallel.
/// </summary>
public sealed class GitBlobReader : IAsyncDisposable
{
    // The requests of two windows (27 KB) fit into a pipe (64 KiB): writing never waits for reading.
    private const int Window = 256;

    // Reading on to the end of a larger blob costs more than a new process.
    private const long DrainAtMost = 4 * 1024 * 1024;

    private readonly MirrorFolder folder;
    private readonly GitOptions options;
    private BatchProcess? batch;
    private bool busy;

    internal GitBlobReader(MirrorFolder folder, GitOptions options)
    {
        this.folder = folder;
        this.options = options;
    }

    /// <summary>The beginning of a blob, up to <paramref name="maxBytes"/> and never more than the options allow; null when it is not in the mirror.</summary>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    public async Task<GitBlob?> ReadAsync(string oid, long maxBytes, CancellationToken cancellation = default)
    {
        await foreach (var result in ReadManyAsync([(oid, maxBytes)], cancellation))
        {
            return result.Blob;
        }

        return null;
    }

    /// <summary>
    /// Reads many blobs, in the order asked: requests are written ahead while answers are read. What is not taken from
    /// the enumeration stays in git's pipe, so memory holds one blob at a time.
    /// </summary>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    public async IAsyncEnumerable<GitBlobResult> ReadManyAsync(
        IEnumerable<(string Oid, long MaxBytes)> requests,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (busy)
        {
            throw new InvalidOperationException("A blob reader does one thing at a time: finish the reading that goes on, or open another reader.");
        }

        busy = true;
        var finished = false;
        await using var stop = cancellation.UnsafeRegister(static reader => ((GitBlobReader)reader!).batch?.Kill(), this);
        try
        {
            using var windows = requests.Select(Clean).Chunk(Window).GetEnumerator();
            var current = windows.MoveNext() ? windows.Current : null;
            await AskAsync(current, 0, cancellation);
            while (current is not null)
            {
                var next = windows.MoveNext() ? windows.Current : null;
                await AskAsync(next, 0, cancellation);
                for (var i = 0; i < current.Length; i++)
                {
                    var (blob, left) = await ReadOneAsync(current[i], cancellation);
                    if (left)
                    {
                        await StopAsync();
                        await AskAsync(current, i + 1, cancellation);
                        await AskAsync(next, 0, cancellation);
                    }

                    yield return new GitBlobResult(current[i].Oid, blob);
                }

                current = next;
            }

            finished = true;
        }
        finally
        {
            if (!finished)
            {
                // Answers to what was not read are still in the pipe.
                await StopAsync();
            }

            busy = false;
        }
    }

    public ValueTask DisposeAsync() => StopAsync();

    private async Task AskAsync((string Oid, long MaxBytes)[]? window, int from, CancellationToken cancellation)
    {
        if (window is null || from == window.Length)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var (oid, maxBytes) in window.AsSpan(from))
        {
            text.Append(maxBytes == 0 ? "info " : "contents ").Append(oid).Append('\n');
        }

        await Process().WriteAsync(text.Append("flush\n").ToString(), cancellation);
    }

    private (string Oid, long MaxBytes) Clean((string Oid, long MaxBytes) request) =>
        (Oid.Require(request.Oid).ToLowerInvariant(), Math.Clamp(request.MaxBytes, 0, options.MaxBlobBytes));

    /// <summary><c>Left</c>: so much of a huge blob was not taken that the process is better stopped than read on.</summary>
    private async Task<(GitBlob? Blob, bool Left)> ReadOneAsync((string Oid, long MaxBytes) request, CancellationToken cancellation)
    {
        var header = await Process().ReadHeaderAsync(request.Oid, cancellation);
        if (header.Size is not { } size)
        {
            // A damaged loose object is "missing" to git.
            return folder.HasLooseFile(request.Oid) && !await IsOtherAsync(request.Oid, cancellation)
                ? throw BatchProcess.Broken(folder, $"object {request.Oid} is damaged")
                : (null, false);
        }

        if (request.MaxBytes == 0)
        {
            return (header.IsBlob ? new GitBlob(request.Oid, size, ReadOnlyMemory<byte>.Empty, size == 0) : null, false);
        }

        var wanted = header.IsBlob ? Math.Min(size, request.MaxBytes) : 0;
        var bytes = await Process().ReadContentsAsync(wanted, cancellation);
        var left = size - wanted > DrainAtMost;
        if (!left)
        {
            // The newline behind every object too.
            await Process().SkipAsync(size - wanted + 1, cancellation);
        }

        return (header.IsBlob ? new GitBlob(request.Oid, size, bytes, wanted == size) : null, left);
    }

    /// <summary>A readable object that is no blob.</summary>
    private async Task<bool> IsOtherAsync(string oid, CancellationToken cancellation)
    {
        try
        {
            await folder.RunAsync($"look for {oid}", ["cat-file", "-t", oid], cancellation);
            return true;
        }
        catch (GitException)
        {
            return false;
        }
    }

    private BatchProcess Process() => batch ??= new BatchProcess(folder, options);

    private async ValueTask StopAsync()
    {
        if (batch is { } stopping)
        {
            batch = null;
            await stopping.DisposeAsync();
        }
    }
}
