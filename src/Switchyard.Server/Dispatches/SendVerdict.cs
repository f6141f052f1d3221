using System.Globalization;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Dispatches;

internal enum SendOutcome
{
    /// <summary>GitHub has taken it.</summary>
    Sent,

    /// <summary>Nothing was taken, and nothing is wrong with it: it waits, and no try is used up.</summary>
    Later,

    /// <summary>Nothing was taken, for a reason that may pass: a try is used up.</summary>
    Retry,

    /// <summary>It may not be sent.</summary>
    Suppressed,

    /// <summary>Nothing was taken, and nothing will be until somebody changes something.</summary>
    Failed,

    /// <summary>It may have been taken.</summary>
    Unknown,
}

/// <summary>What came of an attempt, and what follows.</summary>
internal sealed record SendVerdict
{
    private static readonly TimeSpan LookAtSuspended = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAtUnreachable = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LimitWithoutEnd = TimeSpan.FromMinutes(1);

    public required SendOutcome Outcome { get; init; }

    public StartedRun? Run { get; init; }

    public int? Status { get; init; }

    public string? Message { get; init; }

    public string? NextStep { get; init; }

    /// <summary>Of <see cref="Dispatches.Held"/>, with <see cref="SendOutcome.Later"/>.</summary>
    public string? Held { get; init; }

    public DateTimeOffset? Until { get; init; }

    public static SendVerdict Sent(StartedRun run) => new() { Outcome = SendOutcome.Sent, Run = run, Status = run.RunId is null ? 204 : 200 };

    public static SendVerdict Failed(string message, string? nextStep) => new() { Outcome = SendOutcome.Failed, Message = message, NextStep = nextStep };

    public static SendVerdict Refused(string message) => new() { Outcome = SendOutcome.Suppressed, Message = message };

    public static SendVerdict Unknown(string message) => new() { Outcome = SendOutcome.Unknown, Message = message };

    /// <summary>An installation that is suspended: its token cannot be made, so nothing was sent.</summary>
    public static SendVerdict Suspended(AccessibleRepository target, DateTimeOffset now) => new()
    {
        Outcome = SendOutcome.Later,
        Held = Dispatches.Held.Suspended,
        Message = target.InstallationReason ?? $"The installation on {target.Owner} is suspended.",
        NextStep = "It is sent by itself once an owner has unsuspended the installation.",
        Until = now + LookAtSuspended,
    };

    /// <summary>The App's key cannot be had, so nothing was sent.</summary>
    public static SendVerdict NoKey(VaultException failure, DateTimeOffset now) => new()
    {
        Outcome = SendOutcome.Later,
        Held = Dispatches.Held.Unreachable,
        Message = failure.Message,
        NextStep = "It is sent by itself once the vault gives the App's key.",
        Until = now + LookAtUnreachable,
    };

    /// <param name="writes">Whether it was the dispatch itself that failed, and not what is read before it.</param>
    public static SendVerdict Of(GitHubException failure, bool writes, DateTimeOffset now)
    {
        var verdict = new SendVerdict { Outcome = SendOutcome.Failed, Status = failure.Status, Message = failure.Message };
        return failure.Kind switch
        {
            _ when writes && failure.MayHaveHappened => verdict with { Outcome = SendOutcome.Unknown },
            GitHubErrorKind.Protocol when writes => verdict with { Outcome = SendOutcome.Unknown },
            GitHubErrorKind.RateLimited => RateLimited(verdict, failure.RetryAt ?? now + LimitWithoutEnd, now),
            GitHubErrorKind.Suspended => verdict with
            {
                Outcome = SendOutcome.Later,
                Held = Dispatches.Held.Suspended,
                Until = now + LookAtSuspended,
                NextStep = "It is sent by itself once an owner has unsuspended the installation.",
            },
            GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Server => verdict with
            {
                Outcome = SendOutcome.Later,
                Held = Dispatches.Held.Unreachable,
                Until = now + LookAtUnreachable,
                NextStep = "It is sent by itself once GitHub answers again.",
            },
            GitHubErrorKind.Unauthorized or GitHubErrorKind.InstallationGone or GitHubErrorKind.Protocol => verdict with { Outcome = SendOutcome.Retry },
            _ => verdict,
        };
    }

    private static SendVerdict RateLimited(SendVerdict verdict, DateTimeOffset until, DateTimeOffset now) => verdict with
    {
        Outcome = SendOutcome.Later,
        Held = Dispatches.Held.RateLimited,
        Until = until > now ? until : now + TimeSpan.FromSeconds(1),
        Message = $"GitHub's rate limit for this installation is used up until {until.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z. {verdict.Message}",
        NextStep = "No action needed: it is sent by itself then.",
    };
}
