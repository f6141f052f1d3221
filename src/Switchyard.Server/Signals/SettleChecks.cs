using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Storage;
using Switchyard.Server.Vault;

namespace Switchyard.Server.Signals;

/// <summary>
/// Looks at the checks of commits that have moved, until all are done and nothing has changed for a while: that state is a Signal.
/// What it looks at is a row, so it goes on after a restart, and by itself where events are lost. A re-run makes another state.
/// </summary>
internal sealed partial class SettleChecks(
    Database database, CheckSubjects subjects, LinkedRepositories repositories, SignalStore signals, IEnumerable<ISignalInterest> interests, IOptions<SignalOptions> options, TimeProvider time,
    ILogger<SettleChecks> logger)
    : LaneWorker
{
    /// <summary>Checks that no event and no look has moved for this long are left alone.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromDays(7);

    private static readonly TimeSpan HeldElsewhere = TimeSpan.FromSeconds(1);

    private readonly List<ISignalInterest> interests = [.. interests];

    public override string Kind => "checks";

    public override int Concurrency => 2;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => await subjects.ListDueLanesAsync(cancellation);

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Backlog>("select count(*) as depth, min(due_at) as oldest from check_subjects where touched > judged"), cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("checks:" + lane, cancellation);
        if (hold is null)
        {
            return HeldElsewhere;
        }

        foreach (var subject in await subjects.ListDueAsync(lane, cancellation))
        {
            await LookAsync(subject, cancellation);
        }

        return null;
    }

    private async Task LookAsync(CheckSubject subject, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await repositories.FindAsync(subject.ProviderId, subject.GithubRepositoryId, cancellation) is not { } repository
            || !interests.Want(SignalKind.Checks, repository.ProviderId, repository.FullName))
        {
            await EndAsync(subject, null, cancellation);
            return;
        }

        try
        {
            var (connection, api) = await repositories.OpenChecksAsync(repository, cancellation);
            var standing = await StandingAsync(subject, repository, api, connection.ClockSkew, cancellation);
            FaultPoint.Reached("checks-read");
            switch (standing.Verdict.State)
            {
                case GateState.Open:
                    await SettleAsync(subject, standing, repository, cancellation);
                    break;
                case GateState.TimedOut:
                    await EndAsync(subject, null, cancellation);
                    break;
                default:
                    var wait = now + BackOff(now - DateTimeOffset.FromUnixTimeMilliseconds(subject.ChangedAt));
                    await subjects.PostponeAsync(subject, standing.Verdict.LookAgainAt is { } sooner && sooner > now && sooner < wait ? sooner : wait, cancellation);
                    break;
            }
        }
        catch (GitHubException failure) when (failure.Kind is GitHubErrorKind.NotFound or GitHubErrorKind.Validation)
        {
            // The commit is gone, or was never one of this repository.
            Log.NotRead(logger, failure, subject.Sha, repository.FullName);
            await EndAsync(subject, null, cancellation);
        }
        catch (Exception failure) when (failure is GitHubException or VaultException)
        {
            Log.NotRead(logger, failure, subject.Sha, repository.FullName);
            await subjects.PostponeAsync(subject, (failure as GitHubException)?.RetryAt ?? now + BackOff(now - DateTimeOffset.FromUnixTimeMilliseconds(subject.ChangedAt)), cancellation);
        }
    }

    private async Task<CheckStanding> StandingAsync(CheckSubject subject, LinkedRepository repository, InstallationApi api, TimeSpan skew, CancellationToken cancellation)
    {
        var snapshot = await ReadChecks.RunAsync(api, repository.Owner, repository.Name, subject.Sha, cancellation);
        return CheckStanding.Of(snapshot, repository.AppId, subject, skew, options.Value.Settle, GiveUp, time.GetUtcNow());
    }

    private async Task SettleAsync(CheckSubject subject, CheckStanding standing, LinkedRepository repository, CancellationToken cancellation)
    {
        var signal = SignalFactory.Checks(subject, standing, repository.ToFacts(), time.GetUtcNow());
        var recorded = await database.WriteAsync(
            async session =>
            {
                await CheckSubjects.EndAsync(session, subject, standing.Digest);
                return await signals.RecordAsync(session, signal);
            },
            cancellation);
        if (recorded is not null)
        {
            signals.Announce(signal);
        }
    }

    private Task EndAsync(CheckSubject subject, string? settled, CancellationToken cancellation) =>
        database.WriteAsync(session => CheckSubjects.EndAsync(session, subject, settled), cancellation);

    /// <summary>Most checks end within minutes; those that take hours are told by an event.</summary>
    private static TimeSpan BackOff(TimeSpan age) =>
        age < TimeSpan.FromMinutes(2) ? TimeSpan.FromSeconds(30)
        : age < TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(2)
        : TimeSpan.FromMinutes(10);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "ChecksNotRead: of {Sha} in {Repository}.", EventName = "ChecksNotRead")]
        public static partial void NotRead(ILogger logger, Exception failure, string sha, string repository);
    }
}
