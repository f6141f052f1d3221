using Switchyard.Rules;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Pendings;

/// <summary>A Signal as it goes into what waits.</summary>
internal sealed record EvaluatedSignal(long Id, SignalFacts Facts, string Source)
{
    /// <summary>
    /// When GitHub took the commit, in UTC seconds; 0 where the Signal tells another time (of a check, of an author's clock). A poll tells
    /// when it looked, and the push was before: clocks may differ, so it counts as the older one of two that are close.
    /// </summary>
    public long PushedAt => Facts.Kind is not (SignalKind.Push or SignalKind.Tag or SignalKind.PullRequest) ? 0
        : Facts.OccurredAt.ToUnixTimeSeconds() - (Source == SignalSource.Poll ? PushIdentity.ClockNoise : 0);
}

/// <summary>What came of a Signal that a rule matched.</summary>
/// <param name="PendingId">In which it went, or in which a newer commit was.</param>
/// <param name="Lane">Of the pending.</param>
internal sealed record Admission(long PendingId, string Lane)
{
    /// <summary>The commit because of which this one starts nothing.</summary>
    public string? NewerCommit { get; init; }

    /// <summary>The commit whose place this one took.</summary>
    public string? OlderCommit { get; init; }
}

/// <summary>The commit that a rule last took of one branch, tag or pull request. Deliveries come in any order: a late one may be older.</summary>
internal sealed record TakenCommit
{
    public long PendingId { get; init; }

    public string State { get; init; } = "";

    public long GithubRepositoryId { get; init; }

    public string Ref { get; init; } = "";

    public string Sha { get; init; } = "";

    public string? Before { get; init; }

    public long PushedAt { get; init; }

    public bool IsOpen => PendingState.IsOpen(State);

    public static Task<TakenCommit?> FindAsync(DbSession session, BookRule rule, string slot, long githubRepositoryId, string reference) =>
        session.FirstAsync<TakenCommit>(
            """
            select p.id as pending_id, p.state, c.github_repository_id, c.ref, c.sha, c.before, c.pushed_at
            from pendings p join pending_sources c on c.pending_id = p.id
            where p.rule_id = @Id and p.slot = @slot and c.github_repository_id = @githubRepositoryId and c.ref = @reference and c.sha <> ''
            order by p.id desc limit 1
            """,
            new { rule.Id, slot, githubRepositoryId, reference });

    /// <summary>
    /// Whether it was pushed after the commit of the Signal. GitHub's time of a push has whole seconds; within one, the push that goes
    /// on from the other is the later, and where something is missing between them, the one that came later. What a poll found where
    /// this commit was known to be came after it, whatever the clocks say.
    /// </summary>
    public bool IsNewerThan(EvaluatedSignal signal) =>
        signal.PushedAt != 0 && signal.Facts.Sha is { Length: > 0 } sha && sha != Sha
        && !(signal.Source == SignalSource.Poll && signal.Facts.Before == Sha)
        && (PushedAt > signal.PushedAt || (PushedAt == signal.PushedAt && Before == sha && signal.Facts.Before != Sha));
}
