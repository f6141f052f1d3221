using System.Globalization;
using System.Text;
using System.Text.Json;
using Switchyard.GitHub;
using Switchyard.Rules;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Trials;

/// <summary>Reads the file of rules at the head of a pull request, and where it differs tries it on the Signals of the last week.</summary>
internal sealed partial class PreviewLane(
    Database database, RepositoryAccess access, RuleSourceStore sources, RuleTrial trial, ReportStore reports, Lanes lanes, TimeProvider time, ILogger<PreviewLane> logger)
    : LaneWorker
{
    public const string Wanted = "Wanted";

    /// <summary>The pull request does not change the file, or it cannot be read.</summary>
    public const string Over = "Over";

    public const string Done = "Done";

    private const int MostFailures = 5;

    private static readonly TimeSpan History = TimeSpan.FromDays(7);

    public override string Kind => "previews";

    public override int Concurrency => 1;

    public static string LaneOf(long providerId, long githubRepositoryId) => string.Create(CultureInfo.InvariantCulture, $"{providerId}:{githubRepositoryId}");

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.QueryAsync<string>($"select distinct provider_id || ':' || github_repository_id from rule_previews where state = '{Wanted}' and due_at <= @now", new { now = Now }), cancellation);

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        await using var hold = await database.TryHoldAsync("previews:" + lane, cancellation);
        if (hold is null)
        {
            return TimeSpan.FromMilliseconds(250);
        }

        var (provider, repository) = lane.Split(':') is [var first, var second] ? (long.Parse(first, CultureInfo.InvariantCulture), long.Parse(second, CultureInfo.InvariantCulture)) : default;
        while (await database.ReadAsync(
            session => session.FirstAsync<PreviewRow>(
                $"select {PreviewRow.Columns} from rule_previews where provider_id = @provider and github_repository_id = @repository and state = '{Wanted}' and due_at <= @now order by id limit 1",
                new { provider, repository, now = Now }),
            cancellation) is { } preview)
        {
            try
            {
                await RunAsync(preview, cancellation);
            }
            catch (GitHubException failure)
            {
                Log.Failed(logger, failure, preview.Number, preview.RepositoryName);
                await database.WriteAsync(
                    session => session.ExecuteAsync(
                        $"update rule_previews set failures = failures + 1, due_at = @at, state = case when failures + 1 >= {MostFailures} then '{Over}' else state end where id = @Id",
                        new { preview.Id, at = Math.Max(failure.RetryAt?.ToUnixTimeMilliseconds() ?? 0, Now + (60_000 << (int)preview.Failures)) }),
                    cancellation);
            }
        }

        return null;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task RunAsync(PreviewRow preview, CancellationToken cancellation)
    {
        var kind = Enum.Parse<RuleFileKind>(preview.Kind);
        var path = kind == RuleFileKind.Central ? ReadRuleFiles.CentralPath : ReadRuleFiles.OwnPath;
        var key = new RuleSourceKey(preview.ProviderId, kind, preview.RepositoryName, null, path);
        var source = await sources.FindAsync(key, cancellation);
        var repository = (await access.FindAsync(preview.ProviderId, preview.GithubRepositoryId, preview.RepositoryName, cancellation)).Found;
        var content = repository is null
            ? null
            : await (await access.OpenAsync(repository, cancellation, ("contents", "read"))).Files.GetContentAsync(repository.Owner, repository.Name, path, preview.HeadSha, cancellation);
        var text = content is null ? null : Encoding.UTF8.GetString(content).TrimStart('\uFEFF');
        var read = await sources.FindRevisionAsync(source?.ReadRevisionId, cancellation);
        var result = text is null || text == read?.Text ? null : TrialEndpoints.Show(await trial.RunAsync(key, text, time.GetUtcNow() - History, cancellation));
        var lane = await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "update rule_previews set state = @state, result = @result where id = @Id",
                    new { preview.Id, state = result is null ? Over : Done, result = result is null ? null : JsonSerializer.Serialize(result, JsonSerializerOptions.Web) });
                return result is null ? null : await reports.WantAsync(
                    session,
                    new ReportSubject
                    {
                        ProviderId = preview.ProviderId,
                        Kind = PreviewReport.ReportKind,
                        Subject = preview.Id,
                        GithubRepositoryId = preview.GithubRepositoryId,
                        RepositoryName = preview.RepositoryName,
                        Sha = preview.HeadSha,
                        Name = "Switchyard / rules preview",
                    },
                    ends: true);
            },
            cancellation);
        if (lane is not null)
        {
            lanes.Kick(ReportLane.Worker, lane);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "PreviewFailed: of pull request {Number} of {Repository}.", EventName = "PreviewFailed")]
        public static partial void Failed(ILogger logger, Exception failure, long number, string repository);
    }
}

/// <summary>A pull request that may change a file of rules. Times are UTC milliseconds.</summary>
internal sealed record PreviewRow
{
    public const string Columns = "id, provider_id, kind, github_repository_id, repository_name, number, head_sha, result, failures";

    public long Id { get; init; }

    public long ProviderId { get; init; }

    public string Kind { get; init; } = "";

    public long GithubRepositoryId { get; init; }

    public string RepositoryName { get; init; } = "";

    public long Number { get; init; }

    public string HeadSha { get; init; } = "";

    public string? Result { get; init; }

    public long Failures { get; init; }
}
