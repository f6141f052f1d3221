using Switchyard.Rules;

namespace Switchyard.Server.Signals;

/// <summary>All branches and tags of a repository, each with its object and the commit that it comes to.</summary>
/// <param name="ProviderId">The provider.</param>
/// <param name="Source">The repository, under its present name.</param>
/// <param name="Refs">By the whole name; the commit of an annotated tag is empty where it has none.</param>
/// <param name="From">When the listing began, by GitHub's clock: a later move may not be in it.</param>
/// <param name="Until">When it ended, by GitHub's clock: a later move is not in it.</param>
internal sealed record RefListing(long ProviderId, SourceFacts Source, IReadOnlyDictionary<string, (string Sha, string Commit)> Refs, DateTimeOffset From, DateTimeOffset Until);

/// <summary>A ref that is elsewhere than it was known to be.</summary>
internal sealed record RefChange(string Ref, string Before, string After, string Commit, long MovedAt, bool IsNew);

internal enum RefVerdict
{
    /// <summary>Known, or nothing to tell of: only <c>refs</c> is brought in step.</summary>
    InStep,

    /// <summary>A move that nobody has told.</summary>
    News,
}

/// <summary>
/// Compares a listing with what is known (<see cref="PushIdentity"/> has the reasoning). Answers of GitHub may be some seconds behind,
/// so a ref that is seen where it has just left is looked at again by the next poll.
/// </summary>
/// <param name="listing">What GitHub says.</param>
/// <param name="before">What was known before the listing began.</param>
/// <param name="now">What is known now; where a Delivery has come in between, the listing may be older than it.</param>
/// <param name="at">The present by our clock.</param>
internal sealed class RefComparison(RefListing listing, IReadOnlyList<KnownRef> before, IReadOnlyList<KnownRef> now, DateTimeOffset at)
{
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(2);

    /// <summary>What moved while nobody looked for longer than this is not told: nobody waits for it any more.</summary>
    private static readonly TimeSpan Unwatched = TimeSpan.FromDays(7);

    /// <summary>How long GitHub keeps Deliveries: within it one that was lost would have been found, had it been looked for.</summary>
    private static readonly TimeSpan LogKept = TimeSpan.FromDays(3);

    private readonly Dictionary<string, KnownRef> before = before.ToDictionary(row => row.Ref, StringComparer.Ordinal);

    private readonly Dictionary<string, KnownRef> now = now.ToDictionary(row => row.Ref, StringComparer.Ordinal);

    /// <summary>Refs that are elsewhere, and that nobody has moved in between.</summary>
    public IEnumerable<RefChange> Changes
    {
        get
        {
            foreach (var (name, (sha, commit)) in listing.Refs)
            {
                var known = now.GetValueOrDefault(name);
                if (known?.Sha != sha && before.GetValueOrDefault(name) == known)
                {
                    yield return new RefChange(name, known?.Sha ?? RefMove.Nothing, sha, commit, known?.MovedAt ?? 0, known is null);
                }
            }

            foreach (var gone in now.Values)
            {
                if (gone.Ref != RefStore.Listing && !listing.Refs.ContainsKey(gone.Ref) && !RefMove.IsNothing(gone.Sha) && before.GetValueOrDefault(gone.Ref) == gone)
                {
                    yield return new RefChange(gone.Ref, gone.Sha, RefMove.Nothing, RefMove.Nothing, gone.MovedAt, false);
                }
            }
        }
    }

    /// <summary>What to do about it; null: nothing now, the next poll looks again.</summary>
    /// <param name="change">The change.</param>
    /// <param name="told">The last Signals of the ref.</param>
    public RefVerdict? Judge(RefChange change, IReadOnlyList<ToldMove> told)
    {
        var isGone = RefMove.IsNothing(change.After);
        if (!isGone && change.Commit.Length == 0)
        {
            return RefVerdict.InStep;
        }

        if (!isGone && told.Any(move => move.Sha == change.Commit && move.OccurredAt >= (change.MovedAt - PushIdentity.ClockNoise) * 1000))
        {
            return RefVerdict.InStep;
        }

        var hasJustLeft = RefMove.IsNothing(change.Before) && !change.IsNew
            ? listing.From.ToUnixTimeSeconds() - change.MovedAt < Lag.TotalSeconds
            : told.Any(move => move.RecordedAt > (at - Lag).ToUnixTimeMilliseconds() && (SignalFacts.FromJson(move.Facts).Before ?? RefMove.Nothing) == change.After);
        return hasJustLeft ? null
            : isGone || !IsWatched(change) ? RefVerdict.InStep
            : RefVerdict.News;
    }

    /// <summary>Whether it would have been told, had it moved before: the repository was listed not long ago, or else a Delivery has told of the ref.</summary>
    private bool IsWatched(RefChange change) => now.TryGetValue(RefStore.Listing, out var listed)
        ? Age(listed.MovedAt) < Unwatched
        : !change.IsNew && Age(change.MovedAt) < LogKept;

    private TimeSpan Age(long seconds) => listing.From - DateTimeOffset.FromUnixTimeSeconds(seconds);
}
