using Switchyard.Rules;
using Switchyard.Server.Rules.Pendings;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules;

/// <summary>The rules in force, with where they are from and when they last matched.</summary>
internal sealed class RuleCatalogue(Database database, RuleBook book, RuleSourceStore sources, CancelPending cancel, TimeProvider time)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public async Task<List<RuleResource>> ListAsync(CancellationToken cancellation) => await ListAsync([.. (await book.OpenAsync(cancellation)).All], cancellation);

    /// <summary>The ids of the rules that what happens in the repository may concern.</summary>
    public async Task<HashSet<string>> ListeningAsync(string repository, CancellationToken cancellation)
    {
        string[] kinds = [SignalKind.Push, SignalKind.PullRequest, SignalKind.Tag, SignalKind.Release, SignalKind.Checks, SignalKind.Model];
        var rules = await book.OpenAsync(cancellation);
        return [.. rules.All.Select(rule => rule.ProviderId).Distinct().SelectMany(provider => kinds.SelectMany(kind => rules.Candidates(provider, kind, repository))).Select(pair => pair.Key.Key)];
    }

    public async Task<RuleResource?> FindAsync(long id, CancellationToken cancellation) =>
        (await book.OpenAsync(cancellation)).Find(id) is { } rule ? (await ListAsync([rule], cancellation)).SingleOrDefault() : null;

    /// <summary>Switches a rule on, unless its file says otherwise, or off, and ends what waits of it; false where there is no such rule.</summary>
    public async Task<bool> EnableAsync(long id, bool enabled, string by, CancellationToken cancellation)
    {
        var (found, kick) = await database.WriteAsync(
            async session =>
            {
                var found = await session.ExecuteAsync("update rules set enabled = @enabled where id = @id and removed_at is null", new { id, enabled = enabled ? 1 : 0 }) > 0;
                await RuleBook.ChangedAsync(session);
                return (found, found && !enabled ? await cancel.OfRulesAsync(session, [id], CancelPending.SwitchedOff, by) : () => { });
            },
            cancellation);
        kick();
        return found;
    }

    private async Task<List<RuleResource>> ListAsync(IReadOnlyList<BookRule> rules, CancellationToken cancellation)
    {
        var files = (await sources.ListAsync(cancellation)).ToDictionary(source => source.Id);
        var since = (time.GetUtcNow() - Week).ToUnixTimeMilliseconds();
        var times = (await database.ReadAsync(session => session.QueryAsync<RuleTimes>(RuleTimes.Sql(rules is [_]), new { since, rule = rules is [var only] ? only.Id : 0 }), cancellation)).ToDictionary(row => row.Id);
        var revisions = new Dictionary<long, RuleRevision>();
        var shown = new List<RuleResource>(rules.Count);
        foreach (var rule in rules.OrderBy(rule => rule.Id))
        {
            if (!revisions.TryGetValue(rule.RevisionId, out var revision))
            {
                revision = await sources.FindRevisionAsync(rule.RevisionId, cancellation);
                revisions[rule.RevisionId] = revision!;
            }

            if (revision is not null && files.TryGetValue(rule.SourceId, out var source) && times.TryGetValue(rule.Id, out var row))
            {
                shown.Add(RuleResource.Of(rule, source, revision, row));
            }
        }

        return shown;
    }
}
