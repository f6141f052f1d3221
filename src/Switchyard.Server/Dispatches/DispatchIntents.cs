using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

/// <summary>
/// Writes down what is to be sent, in the transaction that releases a pending: one row an action, so that each goes out exactly
/// once. What may not go out is a row as well, so that it can be explained.
/// </summary>
internal sealed class DispatchIntents(ReportStore reports, IOptions<DispatchOptions> options)
{
    private const string TokenPrefix = "swd_";
    private static readonly TimeSpan BrakeWindow = TimeSpan.FromMinutes(10);

    /// <summary>Never throws for what the rule or its Signal hold; gives the lanes to kick after the commit.</summary>
    public async Task<WrittenIntents> WriteAsync(DbSession session, ReleasedPending released)
    {
        var batch = await ReadBatchAsync(session, released);
        var hop = await Causes.CountAsync(session, batch, released.Now) + 1;
        var brake = await BrakeAsync(session, released);
        var (ids, lanes) = (new List<long>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (action, number) in released.Rule.Do.Select((action, index) => (action, index)))
        {
            var dispatch = await ComposeAsync(session, released, action, number, batch, hop, brake);
            if (await InsertAsync(session, dispatch) is not { } id)
            {
                continue;
            }

            ids.Add(id);
            if (dispatch.State == DispatchState.Pending)
            {
                lanes.Add(dispatch.Lane);
            }
        }

        var reported = new HashSet<string>(StringComparer.Ordinal);
        if (ids.Count > 0 && IsReported(released))
        {
            foreach (var source in released.Sources.Where(source => source.Sha.Length > 0))
            {
                reported.Add(await reports.WantAsync(session, RuleReports.SubjectOf(released.ProviderId, released.RuleId, released.Rule.Name, source.GithubRepositoryId, source.RepositoryName, source.Sha), ends: lanes.Count == 0));
            }
        }

        return new WrittenIntents(ids, [.. lanes], [.. reported]);
    }

    public static string NewToken() => TokenPrefix + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 20);

    /// <summary>One lane a target, so that what goes there goes in order and one at a time.</summary>
    public static string LaneOf(long providerId, long? targetGithubId, string targetName) =>
        targetGithubId is { } id ? $"{providerId}/{id}" : $"{providerId}/{targetName.ToLowerInvariant()}";

    private static bool IsReported(ReleasedPending released) => released.Rule.Report == Report.Check && released.Sources.Any(source => source.Sha.Length > 0);

    private async Task<Dispatch> ComposeAsync(
        DbSession session, ReleasedPending released, RuleAction action, int number, IReadOnlyList<SignalFacts> batch, long hop, string? brake)
    {
        var token = NewToken();
        var rendered = RenderedAction.Of(action, new Placeholders(released.Facts, released.Rule.Name, token, batch, released.Signals), OwnOf(released, token, hop));
        var target = rendered.Error is null ? await RepositoryAccess.FindMirroredAsync(session, released.ProviderId, rendered.Target) : null;
        var source = released.Sources.Count > 0 ? released.Sources[^1] : null;
        var (state, error, next) = Judge(released, rendered, hop, brake);
        return new Dispatch
        {
            ProviderId = released.ProviderId,
            Token = token,
            PendingId = released.PendingId,
            Action = number,
            RuleId = released.RuleId,
            RevisionId = released.RevisionId,
            SignalId = released.SignalId,
            Kind = rendered.Kind,
            TargetName = target?.FullName ?? rendered.Target,
            TargetGithubId = target?.GithubId,
            Workflow = rendered.Workflow,
            EventType = rendered.EventType,
            Ref = rendered.Ref ?? (rendered.Kind == DispatchKind.Workflow ? target?.DefaultBranch : null),
            Body = rendered.Body,
            Hop = hop,
            GithubRepositoryId = source?.GithubRepositoryId ?? released.Facts.Source?.Id,
            RepositoryName = source?.RepositoryName ?? released.Facts.Source?.FullName,
            Reported = IsReported(released) ? 1 : 0,
            Scope = DispatchScope.Write(released.Scope),
            Lane = LaneOf(released.ProviderId, target?.GithubId, rendered.Target),
            State = state,
            Error = error,
            NextStep = next,
            DueAt = released.Now.ToUnixTimeMilliseconds(),
            CreatedAt = released.Now.ToUnixTimeMilliseconds(),
            EndedAt = state == DispatchState.Pending ? null : released.Now.ToUnixTimeMilliseconds(),
        };
    }

    private (string State, string? Error, string? NextStep) Judge(ReleasedPending released, RenderedAction rendered, long hop, string? brake)
    {
        if (rendered.Error is not null)
        {
            return (DispatchState.Failed, rendered.Error, rendered.NextStep);
        }

        if (TargetAccess.Refusal(released.Scope, rendered.Target) is { } refusal)
        {
            return (DispatchState.Suppressed, refusal, null);
        }

        if (!FaultPoint.Protects("loop-guard"))
        {
            return (DispatchState.Pending, null, null);
        }

        return hop > options.Value.MaxHops
            ? (DispatchState.Suppressed,
                $"LoopGuard: {hop - 1} Dispatches in a row have led to each other, and no more than {options.Value.MaxHops} may (Dispatches:MaxHops).",
                "Break the circle: rules that start each other show in `switchyard rule check`.")
            : brake is not null ? (DispatchState.Suppressed, brake, "Look whether the rule is started by what it starts. If this many are right, raise Dispatches:LoopBrake.")
            : (DispatchState.Pending, null, null);
    }

    /// <summary>Where a workflow does not pass the hop on, a circle shows by its pace alone.</summary>
    private async Task<string?> BrakeAsync(DbSession session, ReleasedPending released)
    {
        var repository = released.Sources.Count > 0 ? released.Sources[^1].GithubRepositoryId : released.Facts.Source?.Id;
        if (repository is null)
        {
            return null;
        }

        var started = await session.ScalarAsync<long>(
            $"""
            select count(distinct pending_id) from dispatches
            where rule_id = @RuleId and created_at > @since and github_repository_id = @repository and pending_id <> @PendingId and state <> '{DispatchState.Suppressed}'
            """,
            new { released.RuleId, released.PendingId, repository, since = (released.Now - BrakeWindow).ToUnixTimeMilliseconds() });
        return started >= options.Value.LoopBrake
            ? $"LoopGuard: \"{released.Rule.Name}\" has started something {started} times for this repository within {BrakeWindow.TotalMinutes:0} minutes, and no more than {options.Value.LoopBrake} are let through (Dispatches:LoopBrake)."
            : null;
    }

    private static JsonObject OwnOf(ReleasedPending released, string token, long hop)
    {
        var source = released.Sources.Count > 0 ? released.Sources[^1] : null;
        return new JsonObject
        {
            ["dispatch"] = token,
            ["hop"] = hop,
            ["rule"] = released.Rule.Name,
            ["source"] = source is null ? null : new JsonObject { ["repository"] = source.RepositoryName, ["sha"] = source.Sha, ["ref"] = source.Ref },
            ["signal"] = released.SignalId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static async Task<IReadOnlyList<SignalFacts>> ReadBatchAsync(DbSession session, ReleasedPending released)
    {
        var ids = released.Sources.Select(source => source.SignalId).Where(id => id != released.SignalId).Distinct().ToArray();
        if (ids.Length == 0)
        {
            return [released.Facts];
        }

        var rows = await session.QueryAsync<(long Id, string Facts)>($"select id, facts from signals where id {session.In("ids")}", new { ids });
        var facts = rows.ToDictionary(row => row.Id, row => SignalFacts.FromJson(row.Facts));
        facts[released.SignalId] = released.Facts;
        return [.. released.Sources.Select(source => facts.GetValueOrDefault(source.SignalId)).OfType<SignalFacts>()];
    }

    private static Task<long?> InsertAsync(DbSession session, Dispatch dispatch) =>
        session.ScalarAsync<long?>(
            """
            insert into dispatches (provider_id, token, pending_id, action, rule_id, revision_id, signal_id, kind, target_name, target_github_id, workflow, event_type,
              ref, body, hop, github_repository_id, repository_name, reported, scope, lane, state, error, next_step, due_at, created_at, ended_at)
            values (@ProviderId, @Token, @PendingId, @Action, @RuleId, @RevisionId, @SignalId, @Kind, @TargetName, @TargetGithubId, @Workflow, @EventType,
              @Ref, @Body, @Hop, @GithubRepositoryId, @RepositoryName, @Reported, @Scope, @Lane, @State, @Error, @NextStep, @DueAt, @CreatedAt, @EndedAt)
            on conflict (pending_id, action) do nothing returning id
            """,
            dispatch);
}
