namespace Switchyard.GitHub;

/// <summary>Why a call to GitHub failed.</summary>
public enum GitHubErrorKind
{
    /// <summary>401: the key or token was not accepted.</summary>
    Unauthorized,

    /// <summary>403: the App or token lacks a permission; see <see cref="GitHubException.AcceptedPermissions"/>.</summary>
    PermissionMissing,

    /// <summary>403: the installation is suspended.</summary>
    Suspended,

    /// <summary>404 when a token was asked for: the installation was deleted; a new one has a new id.</summary>
    InstallationGone,

    /// <summary>404: not there, or not visible to this App or token; GitHub does not tell which.</summary>
    NotFound,

    /// <summary>422 when a token was asked for: a repository or permission was never granted to the installation.</summary>
    NotGranted,

    /// <summary>403 to a write: the repository is archived.</summary>
    Archived,

    /// <summary>A rate limit lasts longer than a call may wait; see <see cref="GitHubException.RetryAt"/>.</summary>
    RateLimited,

    /// <summary>400, 409 or 422: GitHub refused the request as it stands.</summary>
    Validation,

    /// <summary>409: the repository has no commit yet. A valid state, not a failure of it.</summary>
    EmptyRepository,

    /// <summary>5xx, also after repeating.</summary>
    Server,

    /// <summary>No connection, or one that broke.</summary>
    Network,

    /// <summary>No answer in time. A write may have happened.</summary>
    Timeout,

    /// <summary>An answer that is not what GitHub's documentation says.</summary>
    Protocol,
}

/// <summary>
/// A call to GitHub failed. The message says what happened, why in GitHub's words, and the next step; it never holds a
/// secret.
/// </summary>
public sealed class GitHubException : Exception
{
    public GitHubException(GitHubErrorKind kind, string message, Exception? inner = null)
        : base(Redaction.Scrub(message), inner) => Kind = kind;

    public GitHubErrorKind Kind { get; }

    /// <summary>The HTTP status, where there was an answer.</summary>
    public int? Status { get; init; }

    /// <summary>GitHub's own message.</summary>
    public string? GitHubMessage { get; init; }

    /// <summary>X-Accepted-GitHub-Permissions: what would have been enough, such as <c>contents=read</c>.</summary>
    public string? AcceptedPermissions { get; init; }

    /// <summary>The address that was called.</summary>
    public Uri? Url { get; init; }

    /// <summary>
    /// A write whose outcome is not known: the server failed, no answer came in time, or the connection broke after the
    /// request was on its way. Look before sending it again. False when GitHub refused, or was never reached.
    /// </summary>
    public bool MayHaveHappened { get; init; }

    /// <summary>When it is worth another try, by this machine's clock.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The same, where an earlier attempt of the call ended in doubt. Another object: the error of a token is told to all who waited for it.</summary>
    internal GitHubException InDoubt() => new(Kind, Message, this)
    {
        Status = Status,
        GitHubMessage = GitHubMessage,
        AcceptedPermissions = AcceptedPermissions,
        Url = Url,
        RetryAt = RetryAt,
        MayHaveHappened = true,
    };
}
