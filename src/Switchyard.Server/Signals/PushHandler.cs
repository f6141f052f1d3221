using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Storage;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>A branch or a tag was pushed: one Signal for each move, however often it is told.</summary>
internal sealed class PushHandler(SignalStore signals, RefMoves moves) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["push"];

    /// <summary>Most Deliveries are pushes, and most pushes are news: those of a batch are recorded together.</summary>
    public async Task PrepareAsync(DbSession session, IReadOnlyList<DeliveryContext> deliveries)
    {
        var told = new List<ToldPush>();
        foreach (var delivery in deliveries)
        {
            if (Read(delivery) is { Move.IsDeletion: false } push)
            {
                told.Add(push);
                delivery.Keep(push);
            }
        }

        var verdicts = await moves.RecordAllAsync(session, told.ConvertAll(push => (push.Move, push.Signal!)));
        for (var i = 0; i < told.Count; i++)
        {
            told[i].Verdict = verdicts[i];
        }
    }

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if ((delivery.Kept<ToldPush>() ?? Read(delivery)) is not { } push)
        {
            return "No effect (it tells of no move of a branch or a tag)";
        }

        if (push.Signal is not { } signal)
        {
            await RefMoves.DeleteAsync(delivery.Session, push.Move);
            return $"No effect ({SignalFactory.Describe(push.Move.Ref)} was deleted)";
        }

        var verdict = push.Verdict ?? await moves.RecordAsync(delivery.Session, push.Move, signal);
        if (verdict.TakenOver is { } found)
        {
            return $"No effect (a poll had found this push: Signal {found})";
        }

        if (verdict.Recorded is null)
        {
            return await LinkedRepositories.IsUnlinkedAsync(delivery.Session, push.Move.ProviderId, push.Move.RepositoryId)
                ? LinkedRepositories.Unlinked
                : "No effect (this push is known already)";
        }

        delivery.AfterCommit(() => signals.Announce(signal));
        return signal.Facts.Kind == SignalKind.Tag ? "A Signal of the tag" : "A Signal of the push";
    }

    private static ToldPush? Read(DeliveryContext delivery)
    {
        if (PushEvent.Read(delivery.Payload) is not { RepositoryId: { } repository, Ref: { } name, Before: { } before, After: { } after } push || SignalFactory.ShortName(name) is null)
        {
            return null;
        }

        var move = new RefMove(delivery.Delivery.ProviderId, repository, name, before, after, push.PushedAt?.ToUnixTimeSeconds());
        return new ToldPush(move, move.IsDeletion ? null : SignalFactory.Push(delivery.Delivery, push));
    }

    /// <summary>What a Delivery tells; no Signal where a ref is gone. The verdict is there once it was recorded with others.</summary>
    private sealed record ToldPush(RefMove Move, NewSignal? Signal)
    {
        public MoveVerdict? Verdict { get; set; }
    }
}
