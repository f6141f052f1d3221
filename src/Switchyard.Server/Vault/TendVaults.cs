using Switchyard.Server.Hosting.Jobs;
using Switchyard.Server.Hosting.Problems;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Vault;

/// <summary>
/// Removes from the vaults what no row names any more, and looks whether each can be used: that is told before a secret is
/// needed, and renews the token of the server.
/// </summary>
internal sealed partial class TendVaults(VaultSet vaults, Database database, TimeProvider time, ILogger<TendVaults> logger) : RecurringJob
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    public override string Name => "tend-vaults";

    public override TimeSpan Interval => TimeSpan.FromMinutes(5);

    public override async Task RunAsync(CancellationToken cancellation)
    {
        var usable = new List<ISecretStore>();
        foreach (var store in vaults.All.Where(store => store.Kind != VaultKind.Local))
        {
            try
            {
                await store.DescribeAsync(cancellation);
                usable.Add(store);
            }
            catch (VaultException failure)
            {
                Log.VaultUnusable(logger, store.Kind, failure.Message);
            }
        }

        while (usable.Count > 0 && await RemoveAsync(usable, cancellation))
        {
        }
    }

    private async Task<bool> RemoveAsync(List<ISecretStore> usable, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = await database.WriteAsync(
            session => VaultStore.ClaimAsync(session, [.. usable.Select(store => store.Kind)], now.ToUnixTimeMilliseconds(), (now + FirstPause).ToUnixTimeMilliseconds()), cancellation);
        foreach (var leftover in due)
        {
            try
            {
                await vaults.Find(leftover.Kind)!.DeleteAsync(leftover.Reference, leftover.Version, cancellation);
                await database.WriteAsync(session => VaultStore.GoneAsync(session, leftover), cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                var reason = failure is VaultException ? failure.Message : Unexpected.Describe(failure, "VaultLeftoverStays");
                var pause = FirstPause * Math.Pow(2, Math.Min(leftover.Tries - 1, 10));
                Log.LeftoverStays(logger, leftover.Kind, leftover.Reference, reason);
                await database.WriteAsync(
                    session => VaultStore.LaterAsync(session, leftover, (time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause)).ToUnixTimeMilliseconds(), reason), cancellation);
            }
        }

        return due.Count > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "VaultUnusable: the vault {Vault} cannot be used now. {Reason}", EventName = "VaultUnusable")]
        public static partial void VaultUnusable(ILogger logger, string vault, string reason);

        [LoggerMessage(2, LogLevel.Warning, "VaultLeftoverStays: {Reference} in the vault {Vault} is of no use any more and could not be removed; it is tried again. {Reason}", EventName = "VaultLeftoverStays")]
        public static partial void LeftoverStays(ILogger logger, string vault, string reference, string reason);
    }
}
