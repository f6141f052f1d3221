using System.Globalization;
using System.Text.RegularExpressions;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// Looks through the runs of a target for those of our Dispatches: by the id that a title shows, else by what else can be told.
/// Used alike for what was certainly taken and for what was perhaps, so that neither takes the other's Run.
/// </summary>
internal sealed partial class RunFinder(
    Database database, DispatchStore dispatches, RunStore runs, DispatchReports reports, TargetAccess targets, WorkflowFiles files, ProviderStore providers, ProviderConnections connections, TimeProvider time)
{
    private const int MostDispatches = 200;
    private const int MostRuns = 500;

    /// <summary>GitHub's times have whole seconds, and its clock is known to three.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    /// <summary>Links what is found; gives the Dispatches that were, and the lanes of check runs to kick.</summary>
    /// <exception cref="GitHub.GitHubException">The runs could not be read.</exception>
    public async Task<FoundRuns> FindAsync(string lane, AccessibleRepository target, CancellationToken cancellation)
    {
        var open = await ListOpenAsync(lane, cancellation);
        if (open.Count == 0)
        {
            return FoundRuns.None;
        }

        var connection = await connections.GetAsync(target.ProviderId, cancellation);
        var skew = connection.ClockSkew;
        var since = DateTimeOffset.FromUnixTimeMilliseconds(open.Min(row => row.AttemptAt)) + skew - Slack;
        var actions = (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions;
        var seen = new List<WorkflowRun>();
        await foreach (var run in actions.ListRunsAsync(target.Owner, target.Name, new RunQuery { CreatedSince = since, Limit = MostRuns }, cancellation))
        {
            if (run.Event is "repository_dispatch" or "workflow_dispatch")
            {
                seen.Add(run);
            }
        }

        var others = await ListLinkedAsync(target.ProviderId, seen, cancellation);
        var found = ById(open, seen);
        var rest = open.Where(row => row.ShowsId == 0 && !found.ContainsKey(row.Id)).ToList();
        var free = seen.Where(run => !others.Contains(run.Id) && !TokenPattern().IsMatch(run.DisplayTitle ?? "")).ToList();
        if (rest.Count > 0 && free.Count > 0)
        {
            await AddProbableAsync(found, rest, free, target, skew, cancellation);
        }

        return await SaveAsync(open, found, cancellation);
    }

    /// <summary>The id in a title; null where it shows none.</summary>
    public static string? TokenIn(string? title) => TokenPattern().Match(title ?? "") is { Success: true } match ? match.Value : null;

    private static Dictionary<long, Match> ById(List<OpenDispatch> open, List<WorkflowRun> seen)
    {
        var byToken = open.ToDictionary(row => row.Token, StringComparer.Ordinal);
        return seen.Where(run => TokenIn(run.DisplayTitle) is { } token && byToken.ContainsKey(token))
            .GroupBy(run => byToken[TokenIn(run.DisplayTitle)!].Id)
            .ToDictionary(group => group.Key, group => new Match(group.MinBy(run => run.Id)!, RunMatch.Id, group.Count() - 1));
    }

    private async Task AddProbableAsync(
        Dictionary<long, Match> found, List<OpenDispatch> open, List<WorkflowRun> free, AccessibleRepository target, TimeSpan skew, CancellationToken cancellation)
    {
        var bot = (await providers.FindAsync(target.ProviderId, cancellation))?.AppSlug is { } slug ? slug + "[bot]" : null;
        var workflows = open.Exists(row => row.Kind == DispatchKind.Dispatch) && free.Exists(run => run.Event == "repository_dispatch") ? await ListFilesAsync(target, cancellation) : [];
        var matches = new Dictionary<long, List<WorkflowRun>>();
        foreach (var group in free.GroupBy(run => (run.Event, Path: run.Path?.Split('@')[0], Branch: run.Event == "workflow_dispatch" ? run.HeadBranch : null)))
        {
            var file = workflows.GetValueOrDefault(group.Key.Path ?? "");
            var expected = open.Where(row => row.Event == group.Key.Event && Fits(row, group.First(), file))
                .OrderBy(row => row.AttemptAt).ThenBy(row => row.Id)
                .Select(row => new ExpectedRun(row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.AttemptAt) + skew)).ToList();
            var candidates = group.Where(run => bot is null || run.ActorLogin is null || string.Equals(run.ActorLogin, bot, StringComparison.OrdinalIgnoreCase))
                .OrderBy(run => run.CreatedAt).ThenBy(run => run.Id).ToList();
            var assigned = RunMatching.Assign(expected, [.. candidates.Select(run => new FoundRun(run.Id, run.CreatedAt ?? DateTimeOffset.MinValue))]);
            foreach (var (dispatch, run) in assigned)
            {
                (matches.TryGetValue(dispatch, out var list) ? list : matches[dispatch] = []).Add(candidates.First(candidate => candidate.Id == run));
            }
        }

        foreach (var (dispatch, list) in matches)
        {
            found[dispatch] = new Match(list.MinBy(run => run.Id)!, RunMatch.ProbableMatch, list.Count - 1);
        }
    }

    private static bool Fits(OpenDispatch dispatch, WorkflowRun run, WorkflowFile? file) => dispatch.Kind == DispatchKind.Workflow
        ? dispatch.Workflow is { } workflow
            && (run.Path?.Split('@')[0].EndsWith("/" + workflow, StringComparison.Ordinal) == true || workflow == run.WorkflowId.ToString(CultureInfo.InvariantCulture))
            && (dispatch.Ref is null || run.HeadBranch is null || Short(dispatch.Ref) == run.HeadBranch)
        : file is null || file.ListensTo(dispatch.EventType ?? "");

    private static string Short(string reference) =>
        reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference[11..] : reference.StartsWith("refs/tags/", StringComparison.Ordinal) ? reference[10..] : reference;

    /// <summary>The files that could be read, by path; without them every workflow may listen.</summary>
    private async Task<Dictionary<string, WorkflowFile>> ListFilesAsync(AccessibleRepository target, CancellationToken cancellation)
    {
        var listed = await files.ListAsync(target, cancellation);
        return listed.Where(workflow => workflow is { File: not null, Workflow.Path: not null }).DistinctBy(workflow => workflow.Workflow.Path)
            .ToDictionary(workflow => workflow.Workflow.Path!, workflow => workflow.File!, StringComparer.Ordinal);
    }

    private Task<List<OpenDispatch>> ListOpenAsync(string lane, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.QueryAsync<OpenDispatch>(
                $"""
                select d.id, d.token, d.kind, d.workflow, d.event_type, d.ref, d.shows_id, a.started_at as attempt_at
                from dispatches d join dispatch_attempts a on a.dispatch_id = d.id and a.number = d.attempts left join runs r on r.dispatch_id = d.id
                where d.lane = @lane and r.github_id is null and (d.state = '{DispatchState.Unconfirmed}' or (d.state = '{DispatchState.Sent}' and d.sent_at > @since))
                order by d.id desc limit {MostDispatches}
                """,
                new { lane, since = (time.GetUtcNow() - LookBack).ToUnixTimeMilliseconds() }),
            cancellation);

    private async Task<HashSet<long>> ListLinkedAsync(long providerId, List<WorkflowRun> seen, CancellationToken cancellation)
    {
        var ids = seen.Select(run => run.Id).ToArray();
        return ids.Length == 0
            ? []
            : [.. await database.ReadAsync(
                session => session.QueryAsync<long>($"select github_id from runs where provider_id = @providerId and github_id {session.In("ids")}", new { providerId, ids }), cancellation)];
    }

    private async Task<FoundRuns> SaveAsync(List<OpenDispatch> open, Dictionary<long, Match> found, CancellationToken cancellation)
    {
        var (linked, lanes) = (new HashSet<long>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (id, match) in found.Where(pair => open.Exists(row => row.Id == pair.Key)))
        {
            var saved = await database.WriteAsync(
                async session =>
                {
                    var dispatch = await session.FirstAsync<Dispatch>($"select {DispatchStore.Columns} from dispatches d where d.id = @id", new { id });
                    if (dispatch is null || (dispatch.State == DispatchState.Unconfirmed && await dispatches.ConfirmAsync(session, dispatch, $"Its Run was found: {match.Run.HtmlUrl} ({match.How}).") is null))
                    {
                        return null;
                    }

                    return await runs.LinkAsync(session, dispatch, match.Run, match.How, match.Others) ? await reports.WantAsync(session, dispatch, match.Run.IsCompleted) : null;
                },
                cancellation);
            if (saved is not null)
            {
                linked.Add(id);
                lanes.UnionWith(saved);
            }
        }

        return new FoundRuns(linked, [.. lanes]);
    }

    [GeneratedRegex("swd_[a-z2-7]{20}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TokenPattern();

    private sealed record Match(WorkflowRun Run, string How, int Others);

    private sealed record OpenDispatch
    {
        public long Id { get; init; }

        public string Token { get; init; } = "";

        public string Kind { get; init; } = "";

        public string? Workflow { get; init; }

        public string? EventType { get; init; }

        public string? Ref { get; init; }

        public long ShowsId { get; init; }

        public long AttemptAt { get; init; }

        public string Event => DispatchKind.EventOf(Kind);
    }
}

internal sealed record FoundRuns(IReadOnlySet<long> Dispatches, IReadOnlyList<string> ReportLanes)
{
    public static FoundRuns None { get; } = new(new HashSet<long>(), []);
}
