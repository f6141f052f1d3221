using System.Text;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Dispatches;

internal enum LookResult
{
    /// <summary>GitHub has taken it.</summary>
    Found,

    /// <summary>Not now; it is looked for again.</summary>
    NotYet,

    /// <summary>It is certain enough that GitHub has not taken it.</summary>
    NotTaken,

    /// <summary>Nothing that could tell may be read, so it is for a person to decide.</summary>
    CannotBeKnown,
}

/// <summary>
/// Looks for a Dispatch whose answer was lost, before anything is sent again: the Delivery by which GitHub echoes it, the App's
/// delivery log where that has not arrived, and the runs of the target.
/// </summary>
internal sealed class DispatchLookup(
    Database database, DispatchStore dispatches, RunFinder finder, TargetAccess targets, ProviderConnections connections, IOptions<DispatchOptions> options, TimeProvider time)
{
    /// <summary>Looks since it began; a last one at the end, and those after it until two have seen everything.</summary>
    private static readonly int[] Schedule = [2, 5, 10, 20, 40];

    private static readonly TimeSpan AtTheEnd = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogSlack = TimeSpan.FromMinutes(1);

    /// <summary>One look; it keeps when the next one is.</summary>
    public async Task<(LookResult Result, IReadOnlyList<string> ReportLanes)> LookAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        if (!FaultPoint.Protects("dispatch-lookup"))
        {
            return (LookResult.NotTaken, []);
        }

        if (await EchoedAsync(dispatch, cancellation))
        {
            return (LookResult.Found, await ConfirmAsync(dispatch, "GitHub's delivery of it has come in.", cancellation));
        }

        var began = DateTimeOffset.FromUnixTimeMilliseconds(dispatch.UnconfirmedAt ?? dispatch.DueAt);
        var end = began + options.Value.LookFor;
        var late = time.GetUtcNow() >= end;
        bool readable;
        try
        {
            if (await IsInLogAsync(dispatch, cancellation))
            {
                return (LookResult.Found, await ConfirmAsync(dispatch, "It is in the App's delivery log.", cancellation));
            }

            (var linked, var lanes, readable) = await LookAtRunsAsync(dispatch, cancellation);
            if (linked)
            {
                return (LookResult.Found, lanes);
            }
        }
        catch (GitHubException)
        {
            // What cannot be read now tells nothing: the time goes on until it can.
            await dispatches.LookedAsync(dispatch, late: false, time.GetUtcNow() + AfterFailure, cancellation);
            return (LookResult.NotYet, []);
        }

        if (!late || dispatch.LateLooks == 0 || await AnyUnhandledAsync(dispatch, cancellation))
        {
            await dispatches.LookedAsync(dispatch, late, late ? time.GetUtcNow() + AtTheEnd : NextLook(began, end), cancellation);
            return (LookResult.NotYet, []);
        }

        return (readable || await EchoesWorkAsync(dispatch, cancellation) ? LookResult.NotTaken : LookResult.CannotBeKnown, []);
    }

    private DateTimeOffset NextLook(DateTimeOffset began, DateTimeOffset end)
    {
        var now = time.GetUtcNow();
        var next = Schedule.Select(seconds => began + TimeSpan.FromSeconds(seconds)).FirstOrDefault(at => at > now, end);
        return next < end ? next : end;
    }

    private Task<bool> EchoedAsync(Dispatch dispatch, CancellationToken cancellation) =>
        database.ReadAsync(session => session.ScalarAsync<bool>("select exists (select 1 from dispatch_echoes where token = @Token)", dispatch), cancellation);

    private async Task<IReadOnlyList<string>> ConfirmAsync(Dispatch dispatch, string how, CancellationToken cancellation) =>
        await database.WriteAsync(session => dispatches.ConfirmAsync(session, dispatch, how), cancellation) ?? [];

    /// <summary>What GitHub could not deliver, or what has not come yet, is in its log within seconds.</summary>
    private async Task<bool> IsInLogAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        var connection = await connections.GetAsync(dispatch.ProviderId, cancellation);
        if (!connection.IsApp || !FaultPoint.Protects("delivery-log") || await dispatches.FindAttemptAsync(dispatch, cancellation) is not { } attempt)
        {
            return false;
        }

        try
        {
            var since = DateTimeOffset.FromUnixTimeMilliseconds(attempt.StartedAt) + connection.ClockSkew - LogSlack;
            var token = Encoding.UTF8.GetBytes(dispatch.Token);
            var guids = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var entry in connection.App.ListDeliveriesAsync(since, cancellation: cancellation))
            {
                if (entry.Event == dispatch.Event
                    && (entry.RepositoryId is null || dispatch.TargetGithubId is null || entry.RepositoryId == dispatch.TargetGithubId)
                    && guids.Add(entry.Guid)
                    && (await connection.App.GetDeliveryAsync(entry.Id, cancellation)).Request?.PayloadBytes().AsSpan().IndexOf(token) >= 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (GitHubException failure) when (failure.Kind == GitHubErrorKind.NotFound)
        {
            // An App without a webhook has no log, and what has left it tells nothing.
            return false;
        }
    }

    private async Task<(bool Linked, IReadOnlyList<string> Lanes, bool Readable)> LookAtRunsAsync(Dispatch dispatch, CancellationToken cancellation)
    {
        try
        {
            if ((await targets.FindAsync(dispatch, cancellation)).Found is not { } target)
            {
                return (false, [], false);
            }

            var found = await finder.FindAsync(dispatch.Lane, target, cancellation);
            return (found.Dispatches.Contains(dispatch.Id), found.ReportLanes, true);
        }
        catch (GitHubException failure) when (WorkflowFiles.IsForbidden(failure))
        {
            return (false, [], false);
        }
    }

    /// <summary>Deliveries that are stored and not worked off may hold the echo.</summary>
    private Task<bool> AnyUnhandledAsync(Dispatch dispatch, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.ScalarAsync<bool>(
                """
                select exists (select 1 from deliveries where state = 'Received' and provider_id = @ProviderId and event = @Event
                  and received_at >= (select started_at from dispatch_attempts where dispatch_id = @Id and number = @Attempts))
                """,
                dispatch),
            cancellation);

    /// <summary>Whether GitHub has ever told this App of a dispatch: then it would have told of this one.</summary>
    private Task<bool> EchoesWorkAsync(Dispatch dispatch, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.ScalarAsync<bool>(
                "select exists (select 1 from dispatch_echoes e join dispatches d on d.token = e.token where d.provider_id = @ProviderId and e.event = @Event)", dispatch),
            cancellation);
}
