namespace Switchyard.GitHub;

/// <summary>How a connection behaves.</summary>
public sealed record GitHubConnectionOptions
{
    /// <summary>The clock of tokens, limits and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sends in place of the network (tests). Must not follow redirects. Not disposed with the connection.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>GitHub answers 403 without one.</summary>
    public string UserAgent { get; init; } = "Switchyard/0.1";

    /// <summary>
    /// The longest a call waits for a rate limit before it fails with <see cref="GitHubErrorKind.RateLimited"/> and the
    /// time of the next try. Default 90 s, enough for a secondary limit without a stated end.
    /// </summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// The same for calls that write, where it is to differ. Zero: what cannot be sent at once fails with
    /// <see cref="GitHubErrorKind.RateLimited"/>, for callers that keep a schedule of their own.
    /// </summary>
    public TimeSpan? LongestWriteWait { get; init; }

    /// <summary>The longest one attempt may take. Default 60 s; GitHub itself gives up after 10.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of answers kept for conditional requests. Default 16 MiB.</summary>
    public long EtagCacheBytes { get; init; } = 16L * 1024 * 1024;

    /// <summary>Told of what a log should hold. Called from any thread; must be quick and must not throw.</summary>
    public Action<GitHubNotice>? Notice { get; init; }
}

/// <summary>What a notice is about.</summary>
public enum GitHubNoticeKind
{
    /// <summary>An installation token was made.</summary>
    TokenMinted,

    /// <summary>A token could not be renewed ahead of its end; the old one still serves.</summary>
    TokenRefreshFailed,

    /// <summary>A fresh token was refused and is tried again.</summary>
    FreshTokenLag,

    /// <summary>A rate limit pauses an installation.</summary>
    Paused,

    /// <summary>A failed attempt is repeated.</summary>
    Retried,

    /// <summary>GitHub redirected: the repository was renamed or transferred.</summary>
    Redirected,

    /// <summary>The machine's clock and GitHub's differ.</summary>
    ClockSkew,

    /// <summary>The App's other key was accepted.</summary>
    KeySwitched,
}

/// <summary>A sentence for the log, free of secrets.</summary>
public sealed record GitHubNotice(GitHubNoticeKind Kind, string Message, long? InstallationId = null);

/// <summary>The state of a rate limit: <c>Limit</c> and <c>Remaining</c> in requests, times by this machine's clock.</summary>
public sealed record RateLimit(long? Limit, long? Remaining, DateTimeOffset? ResetAt, DateTimeOffset? PausedUntil);
