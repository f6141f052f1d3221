using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Models.History;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>What a Sync will do.</summary>
/// <param name="Walk">How it goes over the history.</param>
/// <param name="NeedsHeadPass">The models of the head are listed first.</param>
internal sealed record PlannedSync(WalkPlan Walk, bool NeedsHeadPass);

/// <summary>
/// Decides where the walk begins: at the cursor of the repository, at the commit asked for, or at the root; and, where the
/// history was rewritten, sets the cursor back to the last commit that both histories share.
/// </summary>
internal sealed class SyncPlan(Database database, HistoryPast past, GitMirror mirror, Sync sync, Repository repository, string head, IgnoreAtHead ignore, TimeProvider time)
{
    public async Task<PlannedSync> MakeAsync(Candidates candidates, CancellationToken cancellation)
    {
        var (walkedHead, walkedPosition) = (repository.WalkedHead, repository.WalkedPosition);
        // After a crash behind the fork the cursor is on the new chain already; the synchronized head still tells what happened.
        var rewritten = FaultPoint.Protects("rewritten-fallback")
            && (await IsDroppedAsync(walkedHead, cancellation) || (repository.SyncedHead != walkedHead && await IsDroppedAsync(repository.SyncedHead, cancellation)));
        if (rewritten)
        {
            (walkedHead, walkedPosition) = await GoBackToForkAsync(cancellation);
            FaultPoint.Reached("sync-fork-marked");
        }

        var otherRules = repository.WalkedHead is not null && (repository.IgnoreFile != ignore.Identity || repository.ParserVersion != ModelCatalog.ParserVersion);
        var requested = sync.Mode == SyncMode.FromCommit ? await FindRequestedAsync(cancellation) : null;
        var walk = walkedHead is null || otherRules || sync.Mode == SyncMode.Full ? FromRoot(first: walkedHead is null)
            // The walk replays the commit itself, so it begins behind its parent; what was never walked cannot be left out.
            : requested is { } commit && commit.Position <= walkedPosition ? new WalkPlan(commit.Parent, commit.Position - 1, commit.Position - 1, IsForward: false, ShowsModels: false)
            // The backfill of a first Sync must not show old Versions over those of the head, nor the way back from a fork.
            : new WalkPlan(walkedHead, walkedPosition, walkedPosition, IsForward: true, ShowsModels: !rewritten && repository.SyncedHead is not null && repository.Recount == 0);
        // A repository that was empty when it was last synchronized was synchronized all the same.
        walk = Resume(walk) with { NewsAfter = repository.SyncedAt is null ? null : walkedPosition };

        var fellBack = sync.Mode == SyncMode.Recent && otherRules && !rewritten ? WhyOtherRules() : null;
        var listed = sync.HeadPass == head && sync.ParserVersion == ModelCatalog.ParserVersion;
        var needsHeadPass = !listed && (repository.SyncedHead is null || walk.After is null || sync.Mode == SyncMode.Full);
        await database.WriteAsync(session => BeginAsync(session, walk, fellBack, candidates), cancellation);
        return new PlannedSync(walk, needsHeadPass);
    }

    private async Task<bool> IsDroppedAsync(string? commit, CancellationToken cancellation) =>
        commit is not null && !await mirror.IsOnFirstParentChainAsync(commit, head, cancellation);

    private static WalkPlan FromRoot(bool first) => new(null, 0, 0, IsForward: first, ShowsModels: false);

    /// <summary>A walk over recorded history that was stopped at the same head, under the same rules, goes on from its own cursor.</summary>
    private WalkPlan Resume(WalkPlan walk) =>
        !walk.IsForward && sync.StartPosition == walk.StartPosition && sync.WalkedHead is { } cursor && sync.ToCommit == head && sync.ParserVersion == ModelCatalog.ParserVersion
            ? walk with { After = cursor, Position = sync.WalkedPosition }
            : walk;

    /// <summary>The commit asked for: its position on the chain and its parent.</summary>
    private async Task<(long Position, string? Parent)?> FindRequestedAsync(CancellationToken cancellation)
    {
        var commit = await mirror.ResolveAsync(sync.RequestedCommit!, cancellation);
        if (commit is null)
        {
            throw new SyncException(
                "NoSuchCommit",
                $"There is no such commit in {repository.FullName}: {Short(sync.RequestedCommit!)} names none, or more than one. Give more digits, choose another commit, or synchronize the entire repository.",
                Entirely())
            {
                ConcernsRepository = false,
            };
        }

        if (!await mirror.IsOnFirstParentChainAsync(commit, head, cancellation))
        {
            throw new SyncException(
                "NotAnAncestor",
                $"Commit {Short(sync.RequestedCommit!)} is not an ancestor of {repository.DefaultBranch} ({Short(head)}) by first parents: history was probably rewritten, or it came by a merge. Choose another commit, or synchronize the entire repository.",
                Entirely())
            {
                ConcernsRepository = false,
            };
        }

        var (position, parent) = (0L, (string?)null);
        await foreach (var sha in mirror.FirstParentChainAsync(commit, cancellation))
        {
            position++;
            parent = position == 2 ? sha : parent;
        }

        return (position, parent);
    }

    /// <summary>Marks what the new history dropped and sets the cursor to the last recorded commit that it kept.</summary>
    private async Task<(string? Head, long Position)> GoBackToForkAsync(CancellationToken cancellation)
    {
        var fork = await past.FindNewestAsync(repository.Id, mirror.FirstParentChainAsync(head, cancellation), cancellation);
        await database.WriteAsync(
            async session =>
            {
                await HistoryRepair.MarkRewrittenAsync(session, repository.Id, fork?.Position ?? 0);
                await session.ExecuteAsync(
                    "update repositories set walked_head = @Sha, walked_position = @Position, recount = 1 where id = @Id",
                    new { fork?.Sha, Position = fork?.Position ?? 0, repository.Id });
                await session.ExecuteAsync("update syncs set fell_back = @why where id = @Id", new { why = WhyRewritten(), sync.Id });
                await Reasons.RaiseAsync(session, repository.Id, ReasonCode.HistoryRewritten, WhyRewritten(), time.GetUtcNow().ToUnixTimeMilliseconds());
            },
            cancellation);
        return (fork?.Sha, fork?.Position ?? 0);
    }

    private async Task BeginAsync(DbSession session, WalkPlan walk, string? fellBack, Candidates candidates)
    {
        if (repository.IgnoreFile != ignore.Identity || !walk.IsForward)
        {
            await HistoryRepair.ApplyIgnoreAsync(session, repository.Id, (path, kind) => candidates.IsIgnored(path, Enum.Parse<ModelKind>(kind)));
        }

        await session.ExecuteAsync(
            """
            update syncs set from_commit = coalesce(from_commit, @from), to_commit = @head, fell_back = coalesce(@fellBack, fell_back), parser_version = @parser,
              start_position = @start, walked_head = @After, walked_position = @Position
            where id = @Id
            """,
            new
            {
                from = repository.SyncedHead,
                head,
                fellBack,
                parser = ModelCatalog.ParserVersion,
                start = walk.IsForward ? (long?)null : walk.StartPosition,
                walk.After,
                walk.Position,
                sync.Id,
            });
        if (!walk.ShowsModels)
        {
            await session.ExecuteAsync("update repositories set recount = 1 where id = @Id", new { repository.Id });
        }

        if (walk.IsForward)
        {
            // From here on the cursor stands for these rules.
            await session.ExecuteAsync(
                "update repositories set ignore_file = @Identity, parser_version = @parser where id = @Id",
                new { ignore.Identity, parser = ModelCatalog.ParserVersion, repository.Id });
        }
    }

    private string WhyRewritten() =>
        $"{Short(repository.SyncedHead ?? repository.WalkedHead!)} is not an ancestor of {repository.DefaultBranch} ({Short(head)}): history was rewritten. The whole chain was compared; Versions that it dropped are kept and marked Rewritten.";

    private string WhyOtherRules() => repository.IgnoreFile != ignore.Identity
        ? "The ignore file changed, so the whole history was read again."
        : "The readers of models changed with this version of Switchyard, so the whole history was read again.";

    private NextStep Entirely() => new("Synchronize entire repository", Command: $"switchyard repo sync {repository.FullName} --full");

    private static string Short(string sha) => sha.Length > 7 ? sha[..7] : sha;
}
