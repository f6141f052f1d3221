using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Hosting;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Reports;

/// <summary>
/// Writes the check runs of one repository, one after the other. A check run whose making was not answered is looked for before
/// another is made. What cannot be written is given up with its reason: nothing else waits for it.
/// </summary>
internal sealed partial class ReportLane(
    Database database, ReportStore store, IEnumerable<IReportContent> contents, RepositoryAccess access, IOptions<ReportOptions> options, TimeProvider time, ILogger<ReportLane> logger)
    : LaneWorker
{
    public const string Worker = "reports";

    private const int MostFailures = 20;
    private static readonly TimeSpan ComeBackToHeldLane = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lazy<Dictionary<string, IReportContent>> contents = new(() => contents.ToDictionary(content => content.Kind, StringComparer.Ordinal));

    public override string Kind => Worker;

    public override int Concurrency => options.Value.Lanes;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) => await store.FindDueLanesAsync(cancellation);

    public override Task<Backlog?> MeasureAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.FirstAsync<Backlog>("select count(*) as depth, min(due_at) as oldest from reports where wanted > written"), cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("report:" + lane, cancellation);
        if (hold is null)
        {
            return ComeBackToHeldLane;
        }

        while (!cancellation.IsCancellationRequested && await store.FindDueAsync(lane, cancellation) is { } report)
        {
            await WriteAsync(report, cancellation);
        }

        return null;
    }

    private async Task WriteAsync(ReportRow report, CancellationToken cancellation)
    {
        var draft = contents.Value.TryGetValue(report.Kind, out var content) ? await content.ComposeAsync(report.AsSubject, cancellation) : null;
        if (draft is null)
        {
            await store.WrittenAsync(report, report.Digest, cancellation);
            return;
        }

        draft = draft with { Name = report.Name, HeadSha = report.Sha, ExternalId = report.ExternalId };
        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(draft)))[..32];
        if (digest == report.Digest)
        {
            await store.WrittenAsync(report, digest, cancellation);
            return;
        }

        try
        {
            var answer = await access.FindAsync(report.ProviderId, report.GithubRepositoryId, report.RepositoryName, cancellation);
            if (answer.Found is not { } repository)
            {
                await GiveUpAsync(report, $"{answer.Reason} {answer.NextStep}", cancellation);
                return;
            }

            if (repository.InstallationState != InstallationState.Active)
            {
                await WaitAsync(report, repository.InstallationReason ?? "The installation is suspended.", null, cancellation);
                return;
            }

            var checks = (await access.OpenAsync(repository, cancellation, ("checks", "write"))).Checks;
            if ((report.CheckRunId ?? await FindAsync(checks, repository, report, cancellation)) is { } known)
            {
                await checks.UpdateCheckRunAsync(repository.Owner, repository.Name, known, draft with { HeadSha = null, Annotations = [] }, cancellation);
            }
            else
            {
                await CreateAsync(checks, repository, report, draft, cancellation);
            }

            FaultPoint.Reached("report-sent");
            await store.WrittenAsync(report, digest, CancellationToken.None);
        }
        catch (GitHubException failure)
        {
            await FailAsync(report, failure, cancellation);
        }
    }

    /// <summary>One that was made without its answer having come is there under our id.</summary>
    private async Task<long?> FindAsync(ChecksApi checks, AccessibleRepository repository, ReportRow report, CancellationToken cancellation)
    {
        if (report.Creating == 0 || !FaultPoint.Protects("report-lookup")
            || await checks.FindCheckRunAsync(repository.Owner, repository.Name, report.Sha, report.Name, report.ExternalId, cancellation) is not { } found)
        {
            return null;
        }

        await store.CreatedAsync(report, found.Id, cancellation);
        return found.Id;
    }

    private async Task CreateAsync(ChecksApi checks, AccessibleRepository repository, ReportRow report, CheckRunDraft draft, CancellationToken cancellation)
    {
        await store.CreatingAsync(report, cancellation);
        FaultPoint.Reached("report-creating");
        var id = await checks.CreateCheckRunAsync(repository.Owner, repository.Name, draft, cancellation);
        FaultPoint.Reached("report-created");
        await store.CreatedAsync(report, id, CancellationToken.None);
    }

    private Task FailAsync(ReportRow report, GitHubException failure, CancellationToken cancellation)
    {
        switch (failure.Kind)
        {
            case GitHubErrorKind.RateLimited:
                return store.LaterAsync(report, failure.RetryAt ?? time.GetUtcNow() + TimeSpan.FromMinutes(1), failure.Message, failed: false, cancellation);
            case GitHubErrorKind.Suspended or GitHubErrorKind.Network or GitHubErrorKind.Timeout or GitHubErrorKind.Server or GitHubErrorKind.Unauthorized or GitHubErrorKind.InstallationGone or GitHubErrorKind.Protocol:
                access.Forget(report.ProviderId, report.RepositoryName);
                return WaitAsync(report, failure.Message, failure, cancellation);
            default:
                return GiveUpAsync(report, failure.Message, cancellation);
        }
    }

    private Task WaitAsync(ReportRow report, string why, Exception? failure, CancellationToken cancellation)
    {
        if (report.Failures + 1 >= MostFailures)
        {
            return GiveUpAsync(report, why, cancellation);
        }

        Log.NotWritten(logger, failure, report.Name, report.RepositoryName, report.Sha);
        var wait = TimeSpan.FromSeconds(5) * Math.Pow(2, Math.Min(report.Failures, 12));
        return store.LaterAsync(report, time.GetUtcNow() + (wait < LongestWait ? wait : LongestWait), why, failed: true, cancellation);
    }

    private Task GiveUpAsync(ReportRow report, string why, CancellationToken cancellation)
    {
        Log.GivenUp(logger, report.Name, report.RepositoryName, report.Sha, why);
        return store.GiveUpAsync(report, why, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "ReportNotWritten: {Name} on {Repository} {Sha}; tried again later.", EventName = "ReportNotWritten")]
        public static partial void NotWritten(ILogger logger, Exception? failure, string name, string repository, string sha);

        [LoggerMessage(2, LogLevel.Warning, "ReportGivenUp: {Name} on {Repository} {Sha}: {Reason}", EventName = "ReportGivenUp")]
        public static partial void GivenUp(ILogger logger, string name, string repository, string sha, string reason);
    }
}
