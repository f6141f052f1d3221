using System.Globalization;
using System.Text;

namespace Switchyard.GitHub.Git;

/// <summary>The long-lived <c>git cat-file --batch-command --buffer</c> and the reading of its answers.</summary>
internal sealed class BatchProcess(MirrorFolder folder, GitOptions options) : IAsyncDisposable
{
    private readonly GitProcess git = GitProcess.Start(
        options,
        new GitCommand("read blobs", folder.Location, ["cat-file", "--batch-command", "--buffer"]) { HasInput = true, Timeout = Timeout.InfiniteTimeSpan },
        CancellationToken.None);

    private readonly byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;

    public static GitException Broken(MirrorFolder folder, string why)
    {
        folder.MarkBroken();
        return new GitException(GitErrorKind.Corrupt, $"Could not read blobs of {folder.Location}: {why}. The mirror is only a cache: the next fetch makes it anew.");
    }

    public async Task WriteAsync(string requests, CancellationToken cancellation)
    {
        try
        {
            await git.Input.WriteAsync(Encoding.ASCII.GetBytes(requests), cancellation);
            await git.Input.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            throw await EndedAsync(cancellation);
        }
    }

    /// <summary>Reads <c>&lt;oid&gt; blob &lt;size&gt;</c> or <c>&lt;oid&gt; missing</c> (size null).</summary>
    public async Task<(bool IsBlob, long? Size)> ReadHeaderAsync(string oid, CancellationToken cancellation)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0)
        {
            if (end - start > 1024)
            {
                throw Broken(folder, "git's answer has no end of line");
            }

            await FillAsync(cancellation);
        }

        var line = Encoding.ASCII.GetString(buffer, start, length);
        start += length + 1;
        var parts = line.Split(' ');
        if (parts[0] != oid)
        {
            throw Broken(folder, $"git answered for {parts[0]} instead of {oid}");
        }

        return parts is [_, var type, var size] && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes) ? (type == "blob", bytes) : (false, null);
    }

    public async Task<byte[]> ReadContentsAsync(long wanted, CancellationToken cancellation)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)wanted));
        var buffered = (int)Math.Min(wanted, end - start);
        buffer.AsSpan(start, buffered).CopyTo(bytes);
        start += buffered;
        for (var filled = buffered; filled < bytes.Length;)
        {
            var count = await git.Output.ReadAsync(bytes.AsMemory(filled), cancellation);
            filled += count > 0 ? count : throw await EndedAsync(cancellation);
        }

        return bytes;
    }

    public async Task SkipAsync(long rest, CancellationToken cancellation)
    {
        while (rest > 0)
        {
            if (start == end)
            {
                await FillAsync(cancellation);
            }

            var skipped = (int)Math.Min(rest, end - start);
            start += skipped;
            rest -= skipped;
        }
    }

    public void Kill() => git.Kill();

    public ValueTask DisposeAsync() => git.DisposeAsync();

    private async Task FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var count = await git.Output.ReadAsync(buffer.AsMemory(end), cancellation);
        end += count > 0 ? count : throw await EndedAsync(cancellation);
    }

    private async Task<GitException> EndedAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await git.EnsureSuccessAsync();
            return Broken(folder, "git ended before it had answered");
        }
        catch (GitException error)
        {
            if (error.Kind is GitErrorKind.Corrupt or GitErrorKind.Unexpected)
            {
                folder.MarkBroken();
                return new GitException(GitErrorKind.Corrupt, error.Message, error);
            }

            return error;
        }
    }
}
