using Microsoft.Extensions.Options;
using Switchyard.GitHub;
using Switchyard.Server.Access;
using Switchyard.Server.Access.Audit;
using Switchyard.Server.Hosting.Jobs;

namespace Switchyard.Server.SignIn;

/// <summary>
/// Asks GitHub again whether those who are in still belong. Who does not is shut out at once; where GitHub cannot be asked, sessions
/// last no longer than <see cref="AccessOptions.MembershipGrace"/>.
/// </summary>
internal sealed partial class CheckMemberships(
    UserStore users, MembershipCheck check, AskReadable readable, AuditStore audit, IOptions<AccessOptions> options, TimeProvider time, ILogger<CheckMemberships> logger) : RecurringJob
{
    public override string Name => "check-memberships";

    public override TimeSpan Interval => options.Value.MembershipInterval;

    public override async Task RunAsync(CancellationToken cancellation)
    {
        await RunAsync(null, cancellation);
        await readable.LookAgainAsync(cancellation);
    }

    /// <summary>The same for one provider, after a grant was taken back.</summary>
    public async Task RunAsync(long? providerId, CancellationToken cancellation)
    {
        foreach (var user in await users.ListSignedInAsync(providerId, cancellation))
        {
            try
            {
                await LookAtAsync(user, cancellation);
            }
            catch (Exception failed) when (failed is GitHubException or SignInException or Vault.VaultException)
            {
                Log.NotAsked(logger, user.Login, failed.Message);
            }
        }
    }

    private async Task LookAtAsync(UserRow user, CancellationToken cancellation)
    {
        var asked = time.GetUtcNow().ToUnixTimeMilliseconds();
        var login = await check.LoginOfAsync(user.ProviderId!.Value, user.GithubId!.Value, cancellation);
        var standing = login is null
            ? new Standing(null, false, "the account is gone from GitHub")
            : await check.OfAsync(user.ProviderId.Value, user.GithubId.Value, login, cancellation);
        if (standing.Grant is { } grant)
        {
            await users.VerifyAsync(user.Id, login!, grant, asked, cancellation);
            if (grant.Role != user.Role)
            {
                await audit.AppendAsync(new AuditRow { Actor = "system", Kind = "system", Action = "user.role", Object = user.Login, Detail = $"{user.Role} -> {grant.Role}: {standing.Detail}" });
            }
        }
        else if (!standing.Uncertain)
        {
            await users.RemoveAsync(user.Id, standing.Detail, cancellation);
            await audit.AppendAsync(new AuditRow { Actor = "system", Kind = "system", Action = "user.remove", Object = user.Login, Detail = standing.Detail });
        }
        else
        {
            Log.NotAsked(logger, user.Login, standing.Detail);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "MembershipNotChecked: whether {Login} still belongs could not be read; the session lasts no longer than the grace. {Reason}", EventName = "MembershipNotChecked")]
        public static partial void NotAsked(ILogger logger, string login, string reason);
    }
}
