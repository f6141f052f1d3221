using Switchyard.GitHub.Webhooks;
using Switchyard.Rules;
using Switchyard.Server.Webhooks;

namespace Switchyard.Server.Signals;

/// <summary>A branch or a tag was pushed: one Signal for each move, however often it is told.</summary>
internal sealed class PushHandler(SignalStore signals, RefMoves moves) : IDeliveryHandler
{
    public IReadOnlyCollection<string> Events { get; } = ["push"];

    public async Task<string?> HandleAsync(DeliveryContext delivery)
    {
        if (PushEvent.Read(delivery.Payload) is not { RepositoryId: { } repository, Ref: { } name, Before: { } before, After: { } after } push)
        {
            return "No effect (it tells of no move of a ref)";
        }

        if (SignalFactory.ShortName(name) is null)
        {
            return "No effect (neither a branch nor a tag)";
        }

        var move = new RefMove(delivery.Delivery.ProviderId, repository, name, before, after, push.PushedAt?.ToUnixTimeSeconds());
        if (move.IsDeletion)
        {
            await RefMoves.DeleteAsync(delivery.Session, move);
            return $"No effect ({SignalFactory.Describe(name)} was deleted)";
        }

        var signal = SignalFactory.Push(delivery.Delivery, push);
        var verdict = await moves.RecordAsync(delivery.Session, move, signal);
        if (verdict.TakenOver is { } found)
        {
            return $"No effect (a poll had found this push: Signal {found})";
        }

        if (verdict.Recorded is null)
        {
            return await LinkedRepositories.IsUnlinkedAsync(delivery.Session, move.ProviderId, repository)
                ? LinkedRepositories.Unlinked
                : "No effect (this push is known already)";
        }

        delivery.AfterCommit(() => signals.Announce(signal));
        return signal.Facts.Kind == SignalKind.Tag ? "A Signal of the tag" : "A Signal of the push";
    }
}
