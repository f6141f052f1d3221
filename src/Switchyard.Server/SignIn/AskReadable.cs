using System.Globalization;
using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.GitHub.Apps;
using Switchyard.Server.Access;
using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Providers;
using Switchyard.Server.Storage;

namespace Switchyard.Server.SignIn;

/// <summary>
/// Asks GitHub, by the App, whether a person may still read a repository: one request each, so only what there is a doubt about, and
/// with every look at memberships some that were not asked about for longest. A lane is a user.
/// </summary>
internal sealed partial class AskReadable(
    Database database, ReadableStore readable, ProviderConnections connections, IOptions<AccessOptions> options, TimeProvider time, ILogger<AskReadable> logger) : LaneWorker
{
    /// <summary>Requests a user and minute where there is a doubt.</summary>
    private const int MostOfATurn = 50;

    /// <summary>Requests with each look at memberships, of all users.</summary>
    private const int MostOfALook = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TokenScope Scope = new(null, null, new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata"] = "read" });

    public override string Kind => "readable";

    public override int Concurrency => options.Value.MirrorsReading ? 2 : 0;

    public override async Task<IReadOnlyCollection<string>> FindDueLanesAsync(CancellationToken cancellation) =>
        [.. (await readable.ListDoubtedAsync(cancellation)).Select(id => id.ToString(CultureInfo.InvariantCulture))];

    public override async Task<TimeSpan?> DrainAsync(string lane, CancellationToken cancellation)
    {
        var id = long.Parse(lane, CultureInfo.InvariantCulture);
        await using var hold = await database.TryHoldAsync("readable:" + lane, cancellation);
        if (hold is null)
        {
            return TimeSpan.FromSeconds(1);
        }

        var doubts = await readable.ListDoubtsAsync(id, MostOfATurn, cancellation);
        try
        {
            foreach (var doubt in doubts)
            {
                await AskAsync(doubt, cancellation);
            }
        }
        catch (Exception failed) when (failed is GitHubException or Vault.VaultException)
        {
            Log.NotAsked(logger, lane, failed.Message);
            await readable.PutOffAsync(id, Pause, cancellation);
            return null;
        }

        if (doubts.Count == MostOfATurn)
        {
            await readable.PutOffAsync(id, Pause, cancellation);
        }

        return null;
    }

    /// <summary>Asks again about some of what people may read. Where GitHub cannot be asked, what it said last holds for as long as it may.</summary>
    public async Task LookAgainAsync(CancellationToken cancellation)
    {
        if (!options.Value.MirrorsReading)
        {
            return;
        }

        foreach (var one in await readable.ListOldestAsync(MostOfALook, cancellation))
        {
            try
            {
                await AskAsync(one, cancellation);
            }
            catch (Exception failed) when (failed is GitHubException or Vault.VaultException)
            {
                Log.NotAsked(logger, one.Login, failed.Message);
                return;
            }
        }
    }

    private async Task AskAsync(AskedRepository one, CancellationToken cancellation)
    {
        var asked = time.GetUtcNow().ToUnixTimeMilliseconds();
        var mayRead = one.InstallationGithubId is { } installation
            && await (await connections.GetAsync(one.ProviderId, cancellation)).Installation(installation, Scope).Members.MayReadAsync(one.GithubId, one.Login, one.UserGithubId, cancellation);
        await readable.AnswerAsync(one.UserId, one.GithubId, mayRead, asked, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "ReadPermissionNotAsked: what {User} may read could not be asked again; what there was a doubt about stays hidden. {Reason}", EventName = "ReadPermissionNotAsked")]
        public static partial void NotAsked(ILogger logger, string user, string reason);
    }
}
