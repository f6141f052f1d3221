namespace Switchyard.GitHub.Git;

/// <summary>Why a git command failed.</summary>
public enum GitErrorKind
{
    /// <summary>Git said something that is in no other class; it is in the message.</summary>
    Unexpected,

    /// <summary>404: no such repository, or the token cannot see it.</summary>
    RepositoryNotFound,

    /// <summary>The repository redirects to another host, where the token must not go.</summary>
    RepositoryMoved,

    /// <summary>A ref that was asked for by name does not exist.</summary>
    RefNotFound,

    /// <summary>401 or 403: the token was refused.</summary>
    AuthenticationFailed,

    /// <summary>The command took too long, or the other side sent too slowly.</summary>
    Timeout,

    /// <summary>No connection, a broken one, or the server failed (5xx). Worth another try later.</summary>
    Network,

    /// <summary>The mirror on disk is damaged; the next fetch makes it anew.</summary>
    Corrupt,

    /// <summary>Something else ended git (the machine ran out of memory, an operator). Worth another try later.</summary>
    Killed,

    /// <summary>No usable git on this machine.</summary>
    GitMissing,
}

/// <summary>A git command failed. The message says what, why in git's words, and the next step; it never holds a secret.</summary>
public sealed class GitException : Exception
{
    public GitException(GitErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    public GitErrorKind Kind { get; }

    /// <summary>The HTTP status that git reported, where it did.</summary>
    public int? Status { get; init; }
}
