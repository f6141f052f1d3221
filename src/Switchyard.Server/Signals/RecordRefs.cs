using Switchyard.Server.Storage;

namespace Switchyard.Server.Signals;

/// <summary>Records what a listing of all refs of a repository shows that nobody has told, and brings <c>refs</c> in step with it.</summary>
internal sealed class RecordRefs(Database database, SignalStore signals, TimeProvider time)
{
    private const int Attempts = 20;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    /// <param name="listing">What GitHub says.</param>
    /// <param name="known">What was known before the listing began.</param>
    /// <param name="cancellation">Ends the waiting for Deliveries of the repository that are being worked off.</param>
    /// <returns>What is to be announced.</returns>
    public async Task<List<NewSignal>> RecordAsync(RefListing listing, List<KnownRef> known, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var recorded = await database.WriteAsync(session => RecordAsync(session, listing, known), cancellation);
            if (recorded is not null)
            {
                return recorded;
            }

            await Task.Delay(Again, time, cancellation);
        }

        // Its Deliveries are coming in without end; the next poll looks again.
        return [];
    }

    private async Task<List<NewSignal>?> RecordAsync(DbSession session, RefListing listing, List<KnownRef> known)
    {
        var (providerId, repositoryId) = (listing.ProviderId, listing.Source.Id);
        if (await RefStore.TryHoldAsync(database, session, providerId, repositoryId) is not { } now)
        {
            return null;
        }

        var comparison = new RefComparison(listing, known, now, time.GetUtcNow());
        var (written, found) = (new List<KnownRef>(), new List<NewSignal>());
        foreach (var change in comparison.Changes)
        {
            var told = change.IsNew ? [] : await RefStore.ListToldAsync(session, providerId, repositoryId, change.Ref);
            if (comparison.Judge(change, told) is not { } verdict)
            {
                continue;
            }

            written.Add(new KnownRef { Ref = change.Ref, Sha = change.After, MovedAt = listing.From.ToUnixTimeSeconds() });
            if (verdict == RefVerdict.News)
            {
                var move = new RefMove(providerId, repositoryId, change.Ref, change.Before, change.After, null);
                found.Add(SignalFactory.Polled(listing.Source, move, change.Commit, listing.Until));
            }
        }

        written.Add(new KnownRef { Ref = RefStore.Listing, MovedAt = listing.From.ToUnixTimeSeconds() });
        await RefStore.WriteAsync(session, providerId, repositoryId, written);
        return await signals.RecordAllAsync(session, found);
    }
}
