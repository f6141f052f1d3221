using System.Globalization;

namespace Switchyard.Server.Signals;

/// <summary>One move of a ref: what a push is. <c>PushedAt</c> is GitHub's time of it in UTC seconds, null where it is not told.</summary>
internal sealed record RefMove(long ProviderId, long RepositoryId, string Ref, string Before, string After, long? PushedAt)
{
    /// <summary>What GitHub says for "was not there" and "is gone".</summary>
    public const string Nothing = "0000000000000000000000000000000000000000";

    public bool IsDeletion => IsNothing(After);

    public static bool IsNothing(string sha) => sha.AsSpan().Trim('0').IsEmpty;
}

/// <summary>
/// Says which move of a ref a Delivery, or a poll, tells of, so that each is one Signal by whatever ways it is told.
/// </summary>
/// <remarks>
/// <para>
/// <b>Told by Deliveries.</b> A move is repository, ref, before and after. A ref that goes back and forth makes equal moves, which
/// are different facts; the payload's <c>repository.pushed_at</c>, the time of this very push, tells them apart. It is the same in
/// each copy of the payload: the App's hook and a repository's hook (another GUID), a redelivery, the delivery log. So the identity
/// is all five together, and copies meet in the unique key in any order. What this cannot tell apart are equal moves within one
/// second, that is a ref that goes forth, back and forth again within it; they count as one.
/// </para>
/// <para>
/// <b>Without pushed_at</b> (no host is known that leaves it out) equal moves are counted: another one is a new fact only if the ref
/// was seen to be back at <c>before</c>. A copy that comes after that is taken for one; a replay of the same Delivery is not.
/// </para>
/// <para>
/// <b>Found by a poll.</b> A poll sees where a ref is, not how it came there: from S to T may have been one push or several, and their
/// Deliveries may still come. The one that arrives at T is the fact that the poll has found; those in between are facts of their own.
/// So a Delivery takes over the oldest Signal of a poll for its ref and commit that no Delivery has taken yet, provided that the poll
/// looked after the push: a later push to the same commit is another fact. Taking over gives that Signal the identity of the push,
/// in which all further copies of the Delivery meet.
/// </para>
/// <para>
/// <b>Told first, polled later.</b> A Delivery keeps <c>refs</c> in step, so a poll sees no difference. <c>refs.moved_at</c> is GitHub's
/// time of the move, so that a late Delivery does not set a ref back; within one second the move that goes on from where the ref is
/// known to be is the later one. Where that guard, or a clock, was wrong by some seconds, a poll sees a difference although the move
/// is known: it then finds the Signal that has told it (<c>PollRefs</c>), and only brings <c>refs</c> in step.
/// </para>
/// </remarks>
internal static class PushIdentity
{
    /// <summary>Clocks that differ by less are not told apart (GitHub's Date header has whole seconds, and answers travel).</summary>
    public const long ClockNoise = 5;

    /// <summary>The move as told with its time. A colon is in no name of a ref.</summary>
    public static string Of(RefMove move, long pushedAt) => $"{KeyOf(move)}:{pushedAt.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The n-th of equal moves that were told without a time.</summary>
    public static string Counted(RefMove move, int number) => $"{KeyOf(move)}:n{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The move as a poll found it, until a Delivery takes it over.</summary>
    /// <param name="move">From where the ref was known to be to where it is.</param>
    /// <param name="seenAt">When the poll looked, in UTC milliseconds of GitHub's clock.</param>
    public static string OfPoll(RefMove move, long seenAt) => $"poll/{KeyOf(move)}:{seenAt.ToString(CultureInfo.InvariantCulture)}";

    private static string KeyOf(RefMove move) => $"push/{move.RepositoryId.ToString(CultureInfo.InvariantCulture)}/{move.Ref}:{move.Before}:{move.After}";
}
