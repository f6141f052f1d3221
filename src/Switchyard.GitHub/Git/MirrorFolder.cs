using System.Runtime.CompilerServices;

namespace Switchyard.GitHub.Git;

/// <summary>The bare repository on disk: made, tidied, marked as broken, deleted. Knows nothing of a remote.</summary>
internal sealed class MirrorFolder(string location, GitOptions options)
{
    // Git's own limit for loose objects: about 27 in each of 256 folders.
    private const int LooseBeforeTidying = 27;
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    public string Location => location;

    public bool Exists => File.Exists(Path.Combine(location, "HEAD"));

    public bool IsBroken => File.Exists(BrokenMark);

    public GitDepth Depth => File.Exists(BloblessMark) ? GitDepth.Blobless : GitDepth.Whole;

    private string BrokenMark => Path.Combine(location, "switchyard-broken");

    private string BloblessMark => Path.Combine(location, "switchyard-blobless");

    public async Task MakeAsync(GitDepth depth, CancellationToken cancellation)
    {
        Delete();
        Directory.CreateDirectory(Path.GetDirectoryName(location)!);
        await GitProcess.RunAsync(
            options,
            new GitCommand($"make a mirror in {location}", null, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--", location]),
            cancellation);
        if (depth == GitDepth.Blobless)
        {
            await File.WriteAllBytesAsync(BloblessMark, [], cancellation);
        }
    }

    public void Delete()
    {
        if (!Directory.Exists(location))
        {
            return;
        }

        // Out of the way first: a deletion cut short must not leave something that looks like a mirror.
        var doomed = $"{location}.deleted-{Guid.NewGuid():N}";
        Directory.Move(location, doomed);
        foreach (var file in Directory.EnumerateFiles(doomed, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(doomed, recursive: true);
    }

    /// <summary>A read found damage that a fetch with nothing to bring would not notice.</summary>
    public void MarkBroken()
    {
        if (Directory.Exists(location))
        {
            File.WriteAllBytes(BrokenMark, []);
        }
    }

    /// <summary>Whether git should find the object: its file is there.</summary>
    public bool HasLooseFile(string oid) => File.Exists(Path.Combine(location, "objects", oid[..2], oid[2..]));

    /// <summary>Half packs of fetches that were killed.</summary>
    public void RemoveLeftovers()
    {
        var packs = Path.Combine(location, "objects", "pack");
        if (!Directory.Exists(packs))
        {
            return;
        }

        var oldest = options.Time.GetUtcNow().UtcDateTime - LeftoverAge;
        foreach (var file in Directory.EnumerateFiles(packs, "tmp_*").Where(file => File.GetLastWriteTimeUtc(file) < oldest))
        {
            File.Delete(file);
        }
    }

    /// <summary>Locks of git processes that were killed. There is one writer, so a lock met by it belongs to nobody.</summary>
    public void RemoveLocks()
    {
        foreach (var file in Directory.EnumerateFiles(location, "*.lock", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }

    /// <summary>Repacks after many small fetches, in the foreground: no git process outlives its command.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        var objects = Path.Combine(location, "objects");
        var loose = Path.Combine(objects, "17");
        var many = Directory.EnumerateFiles(Path.Combine(objects, "pack"), "*.pack").Skip(options.PacksBeforeTidying).Any()
            || (Directory.Exists(loose) && Directory.EnumerateFiles(loose).Skip(LooseBeforeTidying).Any());
        if (!many)
        {
            return;
        }

        string[] promisor = Depth == GitDepth.Blobless ? ["-c", "remote.origin.promisor=true", "-c", "remote.origin.partialclonefilter=blob:none"] : [];
        await RunAsync("repack the mirror", [.. promisor, "gc", "--quiet"], cancellation);
    }

    public async Task<byte[]> RunAsync(string doing, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            return await GitProcess.RunAsync(options, new GitCommand(doing, location, arguments), cancellation);
        }
        catch (GitException error) when (error.Kind == GitErrorKind.Corrupt)
        {
            throw Judge(error, arguments);
        }
    }

    /// <summary>Runs a command whose output is a row of strings that end in NUL, and gives them one by one.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> StreamAsync(
        string doing,
        IReadOnlyList<string> arguments,
        byte terminator,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var git = GitProcess.Start(options, new GitCommand(doing, location, arguments), cancellation);
        await foreach (var field in TerminatedFields.ReadAsync(git.Output, terminator, cancellation))
        {
            yield return field;
        }

        try
        {
            await git.EnsureSuccessAsync();
        }
        catch (GitException error) when (error.Kind == GitErrorKind.Corrupt)
        {
            throw Judge(error, arguments);
        }
        catch (GitException error) when (error.Kind == GitErrorKind.RefNotFound && Oid.IsValid(arguments[^1]))
        {
            if (await IsHereAsync(arguments[^1], cancellation))
            {
                // The commit is there and its tree is not.
                MarkBroken();
                throw new GitException(GitErrorKind.Corrupt, error.Message, error);
            }

            throw;
        }
    }

    private async Task<bool> IsHereAsync(string commit, CancellationToken cancellation)
    {
        try
        {
            await GitProcess.RunAsync(options, new GitCommand($"look for {commit}", location, ["cat-file", "-e", commit]), cancellation);
            return true;
        }
        catch (GitException)
        {
            return false;
        }
    }

    /// <summary>An object that the caller named and that is not here is a wrong name; any other bad object is damage.</summary>
    private GitException Judge(GitException error, IReadOnlyList<string> arguments)
    {
        if (arguments.Any(argument => error.Message.Contains("bad object " + argument.TrimStart('^'), StringComparison.Ordinal)))
        {
            return new GitException(GitErrorKind.RefNotFound, error.Message, error);
        }

        MarkBroken();
        return error;
    }
}
