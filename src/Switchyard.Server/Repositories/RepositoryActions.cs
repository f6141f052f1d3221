using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.OpenApi;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Repositories.Syncs;

namespace Switchyard.Server.Repositories;

/// <summary>What can be done with a repository: synchronize in three modes, cancel, suspend, resume.</summary>
internal static class RepositoryActions
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public sealed record SyncRequest(string? Mode, string? From);

    /// <summary>What was stopped; empty where nothing waited or ran.</summary>
    public sealed record Cancellation(string RepositoryId, string Repository, int Cancelled, IReadOnlyList<SyncResource> Syncs);

    public static void Map(RouteGroupBuilder group)
    {
        var actions = group.MapGroup("").RequireAuthorization(nameof(Role.Operator));
        actions.MapPost("/{id:long}/sync", SyncAsync).WithName("syncRepository").WithSummary("Synchronize: recent changes, the full repository, or from a commit")
            .Refuses(StatusCodes.Status409Conflict, "Conflict", "acme/models is suspended, so it is not synchronized. Resume it first.");
        actions.MapPost("/{id:long}/cancel", CancelAsync).WithName("cancelRepositorySync").WithSummary("Cancel the Syncs that wait or run");
        actions.MapPost("/{id:long}/suspend", SuspendAsync).WithName("suspendRepository").WithSummary("Stop automatic Syncs");
        group.MapDelete("/{id:long}", UnlinkAsync).WithName("unlinkRepository").WithSummary("Unlink: its models, Versions and Syncs are removed here; no file in GitHub is changed").RequireAuthorization(nameof(Role.Admin));
        actions.MapPost("/{id:long}/resume", ResumeAsync).WithName("resumeRepository").WithSummary("Resume and synchronize");
    }

    public static async Task<Results<Accepted<SyncResource>, ProblemHttpResult>> SyncAsync(
        long id, SyncRequest? request, HttpContext context, RepositoryStore repositories, SyncStore syncs, Lanes lanes, TimeProvider time, CancellationToken cancellation)
    {
        if (await repositories.FindAsync(id, cancellation) is not { } repository)
        {
            return RepositoryEndpoints.NotFound(id);
        }

        var mode = request?.Mode ?? SyncMode.Recent;
        if (!SyncMode.All.Contains(mode, StringComparer.Ordinal))
        {
            return Problem.Invalid($"There is no mode \"{mode}\". The modes are {string.Join(", ", SyncMode.All)}.", "/mode");
        }

        var commit = mode == SyncMode.FromCommit ? request!.From?.Trim() : null;
        if (mode == SyncMode.FromCommit && (commit is not { Length: >= 4 and <= 64 } || !commit.All(char.IsAsciiHexDigit)))
        {
            return Problem.Invalid("Mode from-commit needs the commit to begin at, as at least 4 digits of its SHA.", "/from");
        }

        if (!repository.MayWork)
        {
            return Problem.Conflict(WhyHeld(repository), NextOf(repository));
        }

        var (sync, joined) = await syncs.RequestAsync(id, mode, commit, context.User.Identity?.Name ?? "unknown", cancellation);
        lanes.Kick<SyncLane>(SyncLane.LaneOf(id));
        sync = await WaitAsync(sync, PreferredWait(context), syncs, time, cancellation);
        return TypedResults.Accepted($"/api/v1/operations/{sync.Id}", SyncResource.Of(sync, joined));
    }

    public static async Task<Results<Accepted<Cancellation>, ProblemHttpResult>> CancelAsync(
        long id, RepositoryStore repositories, SyncStore syncs, SyncLane lane, CancellationToken cancellation)
    {
        if (await repositories.FindAsync(id, cancellation) is not { } repository)
        {
            return RepositoryEndpoints.NotFound(id);
        }

        var stopped = new List<SyncResource>();
        foreach (var sync in await syncs.ListOpenAsync(id, cancellation))
        {
            await SyncEndpoints.StopAsync(sync, syncs, lane, cancellation);
            stopped.Add(SyncResource.Of(await syncs.FindAsync(sync.Id, cancellation) ?? sync));
        }

        return TypedResults.Accepted(
            $"/api/v1/repositories/{id}", new Cancellation(id.ToString(CultureInfo.InvariantCulture), repository.FullName, stopped.Count, stopped));
    }

    public static async Task<Results<Accepted, ProblemHttpResult>> SuspendAsync(long id, RepositoryStore repositories, CancellationToken cancellation) =>
        await repositories.SuspendAsync(id, cancellation) ? TypedResults.Accepted($"/api/v1/repositories/{id}") : RepositoryEndpoints.NotFound(id);

    public static async Task<Results<Accepted, ProblemHttpResult>> ResumeAsync(long id, RepositoryStore repositories, Lanes lanes, CancellationToken cancellation)
    {
        if (!await repositories.ResumeAsync(id, cancellation))
        {
            return RepositoryEndpoints.NotFound(id);
        }

        lanes.Kick<SyncLane>(SyncLane.LaneOf(id));
        return TypedResults.Accepted($"/api/v1/repositories/{id}");
    }

    public static async Task<Results<Accepted, ProblemHttpResult>> UnlinkAsync(long id, UnlinkRepository unlink, SyncLane lane, Lanes lanes, CancellationToken cancellation)
    {
        if (await unlink.RequestAsync(id, cancellation) is not { } running)
        {
            return RepositoryEndpoints.NotFound(id);
        }

        running.ForEach(lane.Stop);
        lanes.Kick<SyncLane>(SyncLane.LaneOf(id));
        return TypedResults.Accepted("/api/v1/repositories");
    }

    private static string WhyHeld(Repository repository) =>
        repository.Suspended == 1 ? $"{repository.FullName} is suspended: nothing is synchronized until it is resumed."
        : repository.Linked == 0 ? $"{repository.FullName} is no longer seen through its installation. Give the App access to it on GitHub."
        : $"{repository.FullName} cannot be synchronized: the installation on {repository.AccountLogin ?? repository.Owner} is {repository.InstallationState?.ToLowerInvariant()}. An organization owner can {(repository.InstallationState == "Suspended" ? "unsuspend it" : "install the App again")}; nothing was deleted.";

    /// <summary>What a person has suspended here a person resumes here; the rest is changed on GitHub.</summary>
    private static NextStep NextOf(Repository repository) => repository.Suspended == 1
        ? new NextStep("Resume and synchronize", Command: $"switchyard repo resume {repository.FullName}")
        : new NextStep("Open installation", Href: repository.InstallationUrl ?? repository.HtmlUrl);

    /// <summary><c>Prefer: wait=10</c> (RFC 7240).</summary>
    private static TimeSpan PreferredWait(HttpContext context)
    {
        foreach (var part in context.Request.Headers["Prefer"].SelectMany(value => (value ?? "").Split(',', ';')))
        {
            if (part.Trim().Split('=') is ["wait", var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds));
            }
        }

        return TimeSpan.Zero;
    }

    private static async Task<Sync> WaitAsync(Sync sync, TimeSpan wait, SyncStore syncs, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (sync.EndedAt is null && time.GetElapsedTime(began) < wait)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation);
            sync = await syncs.FindAsync(sync.Id, cancellation) ?? sync;
        }

        return sync;
    }
}
