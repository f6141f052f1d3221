using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// One Sync from the fetch to the end. Everything it decides follows from rows and git alone, so that a Sync which was killed
/// anywhere is simply run again: what is stored is not stored twice, and the walk goes on from its cursor.
/// </summary>
internal sealed class SyncRun(
    Database database, RepositoryStore repositories, SyncStore syncs, ContentStore contents, HistoryPast past, IRepositoryOrigin origin, IEnumerable<IHeadObserver> observers, Mirrors mirrors, SyncFinish finish,
    SignalStore signals, TimeProvider time)
{
    public async Task RunAsync(Sync sync, Repository repository, CancellationToken cancellation)
    {
        await syncs.ReportAsync(sync.Id, SyncStage.Fetching, null, cancellation);
        repository = await repositories.SaveOriginAsync(repository, await origin.ReadAsync(repository, cancellation), cancellation);
        FaultPoint.Reached("sync-origin-read");
        var remote = await origin.OpenAsync(repository, cancellation);
        var fetched = await mirrors.FetchAsync(repository, remote, cancellation);
        FaultPoint.Reached("sync-fetched");
        if (fetched.Head is not { } head)
        {
            await finish.EndEmptyAsync(sync, repository, cancellation);
            return;
        }

        var mirror = fetched.Mirror;
        await using var blobs = mirror.OpenBlobs();
        var interested = observers.Select(observer => (Observer: observer, Paths: observer.PathsIn(repository))).Where(pair => pair.Paths.Count > 0).ToList();
        var files = await FilesAtHead.FindAsync(
            mirror, head, [.. IgnoreAtHead.Paths, .. interested.SelectMany(pair => pair.Paths)], oid => fetched.BringAsync([oid], cancellation), blobs, cancellation);
        foreach (var (observer, paths) in interested)
        {
            await observer.HeadFetchedAsync(repository, head, await files.ReadAllAsync(paths, cancellation), cancellation);
        }

        var ignore = await IgnoreAtHead.ReadAsync(files, head, cancellation);
        var candidates = new Candidates(ignore.File);
        var walk = new SyncPlan(database, past, mirror, sync, repository, head, ignore, time);
        var plan = await walk.MakeAsync(candidates, cancellation);
        FaultPoint.Reached("sync-planned");

        var reader = new ReadAhead(mirror, contents, fetched.IsBlobless ? fetched.BringAsync : null, time);
        var known = new Dictionary<string, HeadReading>(StringComparer.Ordinal);
        if (plan.NeedsHeadPass)
        {
            var pass = new HeadPass(database, sync, head, candidates, mirror);
            await pass.RunAsync(reader, syncs, cancellation);
            known = pass.Readings;
            FaultPoint.Reached("sync-head-stored");
        }

        await syncs.ReportAsync(sync.Id, SyncStage.History, null, cancellation);
        var history = new HistoryWalk(database, past, new ModelNews(signals, repository, plan.Walk.NewsAfter), sync, plan.Walk, known, time);
        var source = new HistorySource(mirror, repository.Id, candidates, FoldersOf(repository, mirror, plan.Walk, candidates), known);
        await history.RunAsync(reader.RunAsync(source.WalkAsync(plan.Walk.After, plan.Walk.Position, head, cancellation), cancellation), cancellation);
        FaultPoint.Reached("sync-walked");
        await finish.EndAsync(new FinishedWalk(sync, repository, head, history.Position, plan, ignore, candidates, mirror, blobs), cancellation);
        FaultPoint.Reached("sync-finished");
    }

    private FolderMembers FoldersOf(Repository repository, GitMirror mirror, WalkPlan plan, Candidates candidates)
    {
        if (plan.After is not { } after)
        {
            return new FolderMembers(null, null);
        }

        return new FolderMembers(
            async cancellation =>
            {
                var members = new List<(ModelCandidate Candidate, ModelMember Member)>();
                await foreach (var entry in mirror.ListTreeAsync(after, cancellation))
                {
                    if (FileMode.IsFile(entry.Mode) && candidates.Find(entry.Path) is { Kind: ModelKind.Folder } candidate)
                    {
                        members.Add((candidate, new ModelMember(entry.Path, entry.Oid, candidate.ReadBytes)));
                    }
                }

                return members.ToLookup(member => member.Candidate.ModelPath, StringComparer.Ordinal);
            },
            (path, cancellation) => past.WasFolderModelAsync(repository.Id, path, cancellation));
    }
}
