using Switchyard.Server.Hosting;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>How a walk goes over the first-parent chain.</summary>
/// <param name="After">The commit it goes on from; null: from the root.</param>
/// <param name="Position">The position of that commit; 0 for the root.</param>
/// <param name="StartPosition">The last commit whose rows count as they are (see <see cref="PastOf"/>).</param>
/// <param name="IsForward">The cursor is that of the repository: nothing is recorded beyond it.</param>
/// <param name="ShowsModels">What is shown of models goes with the walk; otherwise it is that of the head already, or is set at the end.</param>
/// <param name="NewsAfter">Versions behind this position are news; null: none are.</param>
internal sealed record WalkPlan(string? After, long Position, long StartPosition, bool IsForward, bool ShowsModels, long? NewsAfter = null);

/// <summary>
/// Goes over the history and records the Versions of every model by the rule of the catalogue, section 4. Each write is one
/// transaction of whole commits with the cursor behind them, so a walk that is killed goes on where it was.
/// </summary>
internal sealed class HistoryWalk(Database database, HistoryPast past, ModelNews news, Sync sync, WalkPlan plan, IReadOnlyDictionary<string, HeadReading> known, TimeProvider time)
{
    private const long MaxContentBytes = 8 * 1024 * 1024;

    private readonly Dictionary<string, PathState> states = new(StringComparer.Ordinal);
    private readonly List<Content> contents = [];
    private HistoryBatch batch = new();
    private CommitLedger? ledger;
    private long files;
    private long bytes;

    /// <summary>The position of the last commit.</summary>
    public long Position { get; private set; } = plan.Position;

    public async Task RunAsync(IAsyncEnumerable<ReadBatch> source, CancellationToken cancellation)
    {
        await foreach (var read in source.WithCancellation(cancellation))
        {
            await LoadStatesAsync(read, cancellation);
            contents.AddRange(read.Contents);
            files += read.Files;
            bytes += read.Bytes;
            foreach (var item in read.Items)
            {
                Apply(item, cancellation);
                if (batch.IsDue)
                {
                    await WriteAsync(cancellation);
                }
            }

            if (contents.Sum(content => (long)content.Data.Length) > MaxContentBytes)
            {
                await WriteContentsAsync(cancellation);
            }
        }

        await WriteAsync(cancellation);
    }

    private void Apply(WorkItem item, CancellationToken cancellation)
    {
        switch (item)
        {
            case CommitBegins begins:
                ledger = new CommitLedger(begins.Commit);
                break;
            case PathGone gone:
                ledger!.IsNoModel(states[gone.Path], gone.Deleted);
                break;
            case PathChanged { Unit: var unit }:
                Apply(unit, cancellation);
                break;
            case CommitEnds:
                ledger!.LinkRenames();
                batch.Add(ledger.Commit, ledger.Versions, ledger.Removals);
                Position = ledger.Commit.Position;
                break;
        }
    }

    private void Apply(ModelUnit unit, CancellationToken cancellation)
    {
        var state = states[unit.Path];
        if (unit.Facts is null && state is { IsModel: true, Format: { } before })
        {
            unit.ReadAgain(before, time, cancellation);
            contents.AddRange(unit.Contents.Select(content => Content.Compress(content.Sha256, content.Bytes.Span)));
        }

        unit.Forget();
        if (unit.Facts is not null)
        {
            ledger!.IsModel(state, unit);
        }
        else
        {
            ledger!.IsNoModel(state, deleted: false);
        }
    }

    /// <summary>A walk from the root knows that nothing was before; any other asks for the paths it meets.</summary>
    private async Task LoadStatesAsync(ReadBatch read, CancellationToken cancellation)
    {
        var paths = read.Items
            .Select(item => item switch { PathChanged changed => changed.Unit.Path, PathGone gone => gone.Path, _ => null })
            .OfType<string>()
            .Where(path => !states.ContainsKey(path))
            .ToHashSet(StringComparer.Ordinal);
        if (plan.After is null)
        {
            foreach (var path in paths)
            {
                states.Add(path, new PathState(path) { ModelId = known.TryGetValue(path, out var head) ? head.ModelId : null });
            }

            return;
        }

        foreach (var state in await past.LoadAsync(sync.RepositoryId, paths, new PastOf(plan.Position, plan.StartPosition, sync.Id), cancellation))
        {
            states.Add(state.Path, state);
        }
    }

    /// <summary>Contents go ahead of a commit that is still being read: they are the same whoever writes them, and may wait unused.</summary>
    private async Task WriteContentsAsync(CancellationToken cancellation)
    {
        await database.WriteAsync(session => ContentStore.AddAsync(session, contents), cancellation);
        contents.Clear();
        FaultPoint.Reached("sync-contents-stored");
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var writing = batch;
        batch = new HistoryBatch();
        if (!FaultPoint.Protects("history-cursor-in-batch"))
        {
            await database.WriteAsync(session => WriteCursorAsync(session, writing), cancellation);
            FaultPoint.Reached("sync-history-cursor-alone");
        }

        var cancelled = await database.WriteAsync(session => WriteAsync(session, writing), cancellation);
        contents.Clear();
        (files, bytes) = (0, 0);
        FaultPoint.Reached("sync-history-batch-stored");
        news.Announce();
        if (cancelled)
        {
            throw new SyncCancelledException();
        }
    }

    private async Task<bool> WriteAsync(DbSession session, HistoryBatch writing)
    {
        await ContentStore.AddAsync(session, contents);
        var commits = await HistoryStore.AddCommitsAsync(session, writing.Commits);
        await WriteModelsAsync(session, writing, commits);
        await HistoryStore.AddVersionsAsync(session, writing.Versions, commits, sync.Id);
        await HistoryStore.AddRemovalsAsync(session, writing.Removals, commits, sync.Id);
        if (plan.ShowsModels)
        {
            var gone = writing.Removals.Where(removal => !removal.Model.IsModel).GroupBy(removal => removal.Commit);
            foreach (var removals in gone)
            {
                await HistoryStore.ShowRemovedAsync(session, removals.Select(removal => removal.Model.ModelId!.Value), commits[removals.Key.Sha], removals.Key.CommittedAt);
            }
        }

        await news.RecordAsync(session, writing);
        await WriteCursorAsync(session, writing);
        return await session.ScalarAsync<long>(
            $"""
            update syncs set stage = '{SyncStage.History}', files_done = files_done + @files, bytes_done = bytes_done + @bytes, files_total = null,
              models_added = models_added + @Added, models_changed = models_changed + @Changed, models_removed = models_removed + @removed,
              versions_added = versions_added + @versions
            where id = @Id returning cancel_requested
            """,
            new { files, bytes, writing.Added, writing.Changed, removed = writing.Removals.Count, versions = writing.Versions.Count, sync.Id }) == 1;
    }

    private async Task WriteModelsAsync(DbSession session, HistoryBatch writing, Dictionary<string, long> commits)
    {
        var rows = writing.Versions
            .Where(version => plan.ShowsModels || version.Model.ModelId is null)
            .GroupBy(version => version.Model.Path, StringComparer.Ordinal)
            .Select(versions => versions.Last())
            .Select(version => NewModel.Of(sync.RepositoryId, version.Unit, plan.ShowsModels ? ModelState.Active : ModelState.Removed) with
            {
                VersionCount = version.Number,
                HeadCommitId = commits[version.Commit.Sha],
                ChangedAt = version.Commit.CommittedAt,
            })
            .ToList();
        var ids = plan.ShowsModels ? await HistoryStore.ShowVersionAsync(session, rows) : await HistoryStore.AddModelsAsync(session, rows);
        foreach (var version in writing.Versions)
        {
            version.Model.ModelId ??= ids[version.Model.Path];
        }
    }

    private Task WriteCursorAsync(DbSession session, HistoryBatch writing) =>
        writing.Last is not { } last ? Task.CompletedTask
        : session.ExecuteAsync(
            plan.IsForward
                ? "update repositories set walked_head = @Sha, walked_position = @Position where id = @RepositoryId"
                : "update syncs set walked_head = @Sha, walked_position = @Position where id = @Id",
            new { last.Sha, last.Position, sync.RepositoryId, sync.Id });
}
