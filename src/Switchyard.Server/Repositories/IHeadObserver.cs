namespace Switchyard.Server.Repositories;

/// <summary>A feature that reads files of its own at the head of repositories, such as rule files. It is told before the models are read.</summary>
internal interface IHeadObserver
{
    /// <summary>The paths to read; none where the repository is of no interest.</summary>
    IReadOnlyList<string> PathsIn(Repository repository);

    /// <summary>
    /// A Sync has fetched this head. The same head may be told again, after a crash for instance. Paths that are not there are not
    /// among the files.
    /// </summary>
    Task HeadFetchedAsync(Repository repository, string head, IReadOnlyList<HeadFile> files, CancellationToken cancellation);
}

/// <summary>A file at the head; the bytes are null where it is no plain file, and cut where it is larger than <see cref="WantedBytes"/>.</summary>
internal sealed record HeadFile(string Path, long Size, ReadOnlyMemory<byte>? Bytes)
{
    /// <summary>What is read of a file at most: one more than any file that is used may have.</summary>
    public const int WantedBytes = 1024 * 1024 + 1;
}
