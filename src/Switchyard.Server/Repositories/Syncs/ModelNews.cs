using System.Globalization;
using Switchyard.Rules;
using Switchyard.Server.Models.History;
using Switchyard.Server.Signals;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Repositories.Syncs;

/// <summary>
/// Records each Version and each removal that is news as a Signal, in the transaction that writes them. News is what lies behind the
/// commit up to which the history had been walked before: nothing of a first Sync, and nothing that is only read again.
/// </summary>
/// <param name="signals">Where they are recorded.</param>
/// <param name="repository">The repository.</param>
/// <param name="after">The position up to which nothing is news; null: nothing is.</param>
internal sealed class ModelNews(SignalStore signals, Repository repository, long? after)
{
    private readonly List<NewSignal> recorded = [];

    public async Task RecordAsync(DbSession session, HistoryBatch batch)
    {
        recorded.Clear();
        if (after is not { } walked)
        {
            return;
        }

        var versions = batch.Versions.Where(version => version.Commit.Position > walked).ToList();
        var removals = batch.Removals.Where(removal => removal.Commit.Position > walked).ToList();
        // A Version that was read for its content alone does not say the name; the model does.
        var names = await NamesAsync(session, [.. versions.Where(version => version.Unit.Facts?.Display is null).Select(version => version.Model), .. removals.Select(removal => removal.Model)]);
        recorded.AddRange(await signals.RecordAllAsync(
            session,
            [
                .. versions.Select(version => SignalOf(
                    version.Model, version.Commit, version.Number == 1 || version.Returns ? "added" : "changed", version.Number, version.Unit.Facts?.Display?.Name ?? NameOf(version.Model))),
                .. removals.Select(removal => SignalOf(removal.Model, removal.Commit, "removed", null, NameOf(removal.Model))),
            ]));

        string? NameOf(PathState model) => names.GetValueOrDefault(model.ModelId!.Value);
    }

    /// <summary>To be called when the transaction is committed.</summary>
    public void Announce() => recorded.ForEach(signals.Announce);

    private static async Task<Dictionary<long, string?>> NamesAsync(DbSession session, List<PathState> models)
    {
        var names = new Dictionary<long, string?>();
        foreach (var ids in models.Select(model => model.ModelId!.Value).Distinct().Chunk(500))
        {
            foreach (var row in await session.QueryAsync<NameRow>($"select id, name from models where id {session.In("ids")}", new { ids }))
            {
                names[row.Id] = row.Name;
            }
        }

        return names;
    }

    private NewSignal SignalOf(PathState model, CommitRow commit, string what, long? number, string? name) => SignalFactory.Model(
        repository.ProviderId,
        model.ModelId!.Value,
        new SourceFacts
        {
            Id = repository.GithubId,
            Owner = repository.Owner,
            Name = repository.Name,
            DefaultBranch = repository.DefaultBranch,
            HtmlUrl = repository.HtmlUrl,
            Private = repository.Private == 1,
        },
        commit.Sha,
        commit.AuthorName,
        DateTimeOffset.FromUnixTimeMilliseconds(commit.CommittedAt),
        new ModelFacts { Path = model.Path, Format = model.Format, Event = what, Version = number?.ToString(CultureInfo.InvariantCulture), Name = name });

    private sealed record NameRow
    {
        public long Id { get; init; }

        public string? Name { get; init; }
    }
}
