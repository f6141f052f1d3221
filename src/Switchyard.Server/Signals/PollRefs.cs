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
/// Ring C for branches and tags: lists them by the clock where rules want to know of pushes or tags, and records the moves that no
/// Delivery has told: lost ones, more than three tags in one push, more than 5,000 branches (behaviours, rows 7 and 8). Unchanged
/// listings use no quota. The first listing of a repository only says where its refs are.
/// </summary>
internal sealed partial class PollRefs(
    Database database, LinkedRepositories repositories, RecordRefs refs, SignalStore signals, IEnumerable<ISignalInterest> interests, IOptions<SignalOptions> options, TimeProvider time, ILogger<PollRefs> logger)
    : RecurringJob
{
    private const int AtOnce = 4;

    private readonly List<ISignalInterest> interests = [.. interests];

    public override string Name => "poll-refs";

    public override TimeSpan Interval => options.Value.PollInterval;

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var wanted = (await repositories.ListAsync(cancellation)).Where(repository => Wants(repository, SignalKind.Push) || Wants(repository, SignalKind.Tag));
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (repository, stop) => await PollAsync(repository, stop));
    }

    private bool Wants(LinkedRepository repository, string kind) => interests.Want(kind, repository.ProviderId, repository.FullName);

    private async Task PollAsync(LinkedRepository repository, CancellationToken cancellation)
    {
        try
        {
            var known = await database.ReadAsync(session => RefStore.ListAsync(session, repository.ProviderId, repository.GithubId), cancellation);
            var listing = await ListAsync(repository, known, cancellation);
            FaultPoint.Reached("poll-refs-listed");
            foreach (var signal in await refs.RecordAsync(listing, known, cancellation))
            {
                signals.Announce(signal);
                Log.Found(logger, repository.FullName, signal.Facts.Ref!);
            }
        }
        catch (Exception failure) when (failure is GitHubException or VaultException or InvalidOperationException)
        {
            Log.NotPolled(logger, failure, repository.FullName);
        }
    }

    /// <summary>Asks by the numeric id first: another repository may have the name by now.</summary>
    private async Task<RefListing> ListAsync(LinkedRepository repository, List<KnownRef> known, CancellationToken cancellation)
    {
        var (connection, api) = await repositories.OpenAsync(repository, cancellation);
        var found = await api.GetRepositoryAsync(repository.GithubId, cancellation);
        var (owner, name) = (found.Owner?.Login ?? repository.Owner, found.Name);
        var source = repository.ToFacts() with { Owner = owner, Name = name, DefaultBranch = found.DefaultBranch ?? repository.DefaultBranch, HtmlUrl = found.HtmlUrl, Private = found.Private };
        var from = time.GetUtcNow() + connection.ClockSkew;
        var listed = new Dictionary<string, (string Sha, string Commit)>(StringComparer.Ordinal);
        var was = known.ToDictionary(row => row.Ref, row => row.Sha, StringComparer.Ordinal);
        try
        {
            foreach (var prefix in (string[])["heads/", "tags/"])
            {
                await foreach (var one in api.ListMatchingRefsAsync(owner, name, prefix, cancellation))
                {
                    if (one.Object is { } target)
                    {
                        listed[one.Ref] = (target.Sha, target.Sha);
                        if (target.Type == "tag" && was.GetValueOrDefault(one.Ref) != target.Sha)
                        {
                            listed[one.Ref] = (target.Sha, await PeelAsync(api, source, one.Ref["refs/".Length..], cancellation) ?? "");
                        }
                    }
                }
            }
        }
        catch (GitHubException failure) when (failure.Kind == GitHubErrorKind.EmptyRepository)
        {
            listed.Clear();
        }

        return new RefListing(repository.ProviderId, source, listed, from, time.GetUtcNow() + connection.ClockSkew);
    }

    /// <summary>The commit that an annotated tag points to; null where it points to none, or has gone since.</summary>
    private static async Task<string?> PeelAsync(InstallationApi api, SourceFacts source, string name, CancellationToken cancellation) =>
        (await api.Files.GetCommitAsync(source.Owner, source.Name, name, cancellation))?.Sha;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "FoundByPoll: {Ref} of {Repository} moved without a Delivery.", EventName = "FoundByPoll")]
        public static partial void Found(ILogger logger, string repository, string @ref);

        [LoggerMessage(2, LogLevel.Warning, "RefsNotPolled: {Repository}; the next poll asks again.", EventName = "RefsNotPolled")]
        public static partial void NotPolled(ILogger logger, Exception failure, string repository);
    }
}
