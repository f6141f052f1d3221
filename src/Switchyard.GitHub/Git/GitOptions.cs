namespace Switchyard.GitHub.Git;

/// <summary>How the git command line is run.</summary>
public sealed record GitOptions
{
    /// <summary>The git executable, 2.36 or newer (<c>cat-file --batch-command</c>). Default: <c>git</c> on the path.</summary>
    public string GitPath { get; init; } = "git";

    /// <summary>The longest any one git command may run before its whole process tree is killed. Default 30 minutes.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Bytes of one blob that are read into memory at most, whatever a caller asks for. Default 64 MiB.</summary>
    public long MaxBlobBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// Seconds a transfer may crawl below <see cref="LowSpeedBytesPerSecond"/> before git gives up. Default 60.
    /// </summary>
    public int LowSpeedSeconds { get; init; } = 60;

    /// <summary>
    /// Bytes a second below which a transfer counts as crawling. Default 10: a server that packs sends progress of
    /// about 50 bytes a second, one that only keeps the line open sends one.
    /// </summary>
    public int LowSpeedBytesPerSecond { get; init; } = 10;

    /// <summary>The clock of time-outs and of the wait for a fresh token.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Packs in a mirror before it is repacked: reading is slow over many. Git's own limit is 50 too.</summary>
    internal int PacksBeforeTidying { get; init; } = 50;
}

/// <summary>What of the history a mirror holds.</summary>
public enum GitDepth
{
    /// <summary>Commits, trees and every blob.</summary>
    Whole,

    /// <summary>Commits and trees; blobs come by <see cref="GitMirror.FetchBlobsAsync"/> (partial clone, <c>blob:none</c>).</summary>
    Blobless,
}

/// <summary>One fetch: refspecs as git takes them, such as <c>+refs/heads/*:refs/heads/*</c>.</summary>
public sealed record GitFetch(IReadOnlyList<string> Refspecs, GitDepth Depth = GitDepth.Whole);

/// <summary>How a fetch ended.</summary>
public enum GitFetchOutcome
{
    /// <summary>The mirror existed and was brought up to date.</summary>
    Updated,

    /// <summary>The mirror was made.</summary>
    Created,

    /// <summary>The mirror was broken (or of another depth), deleted and cloned anew.</summary>
    Healed,
}

/// <summary>Progress as git prints it: the phase ("Receiving objects"), what is done of how much, and bytes received.</summary>
public sealed record GitProgress(string Phase, long Done, long? Total, long? Bytes);

/// <summary>An entry of a tree: <c>Mode</c> 100644, 100755, 120000 (link) or 160000 (submodule); <c>Size</c> in bytes when the object is here.</summary>
public sealed record TreeEntry(string Mode, string Type, string Oid, long? Size, string Path);

/// <summary>One commit of the first-parent chain with what it changed against its first parent (merges too).</summary>
public sealed record CommitStep(
    string Sha,
    string? Parent,
    string AuthorName,
    string AuthorEmail,
    DateTimeOffset AuthoredAt,
    DateTimeOffset CommittedAt,
    string Subject,
    IReadOnlyList<TreeChange> Changes);

/// <summary>A changed path: <c>Status</c> is A, M, D or T; the missing side has mode 000000 and an oid of zeros.</summary>
public sealed record TreeChange(char Status, string OldMode, string NewMode, string OldOid, string NewOid, string Path);

/// <summary>A blob: <c>Bytes</c> is its beginning, all of it when <c>Complete</c>; <c>Size</c> is its full size in bytes.</summary>
public sealed record GitBlob(string Oid, long Size, ReadOnlyMemory<byte> Bytes, bool Complete);

/// <summary>The answer to one request of many; <c>Blob</c> is null when the object is not in the mirror (or is no blob).</summary>
public sealed record GitBlobResult(string Oid, GitBlob? Blob);

/// <summary>A ref of a remote: <c>PeeledSha</c> is the commit of an annotated tag, <c>Target</c> the ref a symbolic one names.</summary>
public sealed record GitRef(string Name, string Sha, string? PeeledSha, string? Target);
