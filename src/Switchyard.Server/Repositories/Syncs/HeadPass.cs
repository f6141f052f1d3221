using System.Runtime.CompilerServices;
using Switchyard.Catalog;
using Switchyard.GitHub.Git;
using Switchyard.Server.Hosting;
using Switchyard.Server.Models;
using Switchyard.Server.Models.History;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// Lists the tree of the head and stores the models that are there, so that they are visible before the history is read. It
/// adds and changes, and removes nothing: that only the history can tell.
/// </summary>
internal sealed class HeadPass(Database database, Sync sync, string head, Candidates candidates, GitMirror mirror)
{
    /// <summary>What was read, by path: the walk over the history meets most of it again.</summary>
    public Dictionary<string, HeadReading> Readings { get; } = new(StringComparer.Ordinal);

    public async Task RunAsync(ReadAhead reader, SyncStore syncs, CancellationToken cancellation)
    {
        await syncs.ReportAsync(sync.Id, SyncStage.Listing, null, cancellation);
        var units = await ListAsync(cancellation);
        await syncs.ReportAsync(sync.Id, SyncStage.Reading, units.Count, cancellation);
        await foreach (var batch in reader.RunAsync(Items(units, cancellation), cancellation))
        {
            await StoreAsync(batch, cancellation);
            FaultPoint.Reached("sync-head-batch-stored");
        }

        await database.WriteAsync(session => session.ExecuteAsync("update syncs set head_pass = @head where id = @Id", new { sync.Id, head }), cancellation);
    }

    private static async IAsyncEnumerable<WorkItem> Items(List<ModelUnit> units, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var unit in units)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new PathChanged(unit);
        }
    }

    /// <summary>All candidates of the tree. A listing that fails throws: half a list is no list.</summary>
    private async Task<List<ModelUnit>> ListAsync(CancellationToken cancellation)
    {
        var units = new List<ModelUnit>();
        var members = new Dictionary<string, List<(bool Certain, ModelMember Member)>>(StringComparer.Ordinal);
        await foreach (var entry in mirror.ListTreeAsync(head, cancellation))
        {
            if (!FileMode.IsFile(entry.Mode) || candidates.Find(entry.Path) is not { } candidate)
            {
                continue;
            }

            if (candidate.Kind == ModelKind.File)
            {
                units.Add(Units.OfFile(candidate, entry.Path, entry.Oid, adds: false, wantsDisplay: true));
                continue;
            }

            if (!members.TryGetValue(candidate.ModelPath, out var folder))
            {
                members.Add(candidate.ModelPath, folder = []);
            }

            folder.Add((candidate.Certain, new ModelMember(entry.Path, entry.Oid, candidate.ReadBytes)));
        }

        foreach (var (path, folder) in members.Where(folder => folder.Value.Exists(member => member.Certain)))
        {
            var sorted = folder.Select(member => member.Member).OrderBy(member => member.Path, StringComparer.Ordinal).ToList();
            units.Add(Units.OfFolder(path, sorted, adds: false, wantsDisplay: true));
        }

        return units;
    }

    private async Task StoreAsync(ReadBatch batch, CancellationToken cancellation)
    {
        var units = batch.Items.Cast<PathChanged>().Select(changed => changed.Unit).ToList();
        var rows = units.Where(unit => unit.Facts is not null).Select(unit => NewModel.Of(sync.RepositoryId, unit, ModelState.Active)).ToList();
        var (ids, cancelled) = await database.WriteAsync(
            async session =>
            {
                await ContentStore.AddAsync(session, batch.Contents);
                var added = await HistoryStore.ShowAsync(session, rows);
                var cancel = await session.ScalarAsync<long>(
                    "update syncs set files_done = files_done + @Files, bytes_done = bytes_done + @Bytes where id = @Id returning cancel_requested",
                    new { batch.Files, batch.Bytes, sync.Id });
                return (added, cancel);
            },
            cancellation);
        foreach (var unit in units)
        {
            var facts = unit.Facts is null ? null : unit.Facts with { Display = null };
            Readings[unit.Path] = new HeadReading(facts is null ? null : ids[unit.Path], unit.Key, facts, unit.Sha256, unit.Size);
        }

        if (cancelled == 1)
        {
            throw new SyncCancelledException();
        }
    }
}
