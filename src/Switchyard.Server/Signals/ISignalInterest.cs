namespace Switchyard.Server.Signals;

/// <summary>
/// Whether anybody wants to know. What comes by Delivery is recorded anyway; what costs calls to GitHub (the checks of a commit,
/// a poll of branches and tags) is found out only where a rule asks for it. Implemented by Rules; where there is none, nobody does.
/// </summary>
internal interface ISignalInterest
{
    /// <summary>Whether an enabled rule has a trigger of this kind for the repository. Answered from memory, within a transaction.</summary>
    /// <param name="kind">One of <see cref="Switchyard.Rules.SignalKind"/>.</param>
    /// <param name="providerId">The provider of the repository.</param>
    /// <param name="fullName"><c>owner/name</c>, in any case.</param>
    bool Wants(string kind, long providerId, string fullName);
}

internal static class SignalInterests
{
    public static bool Want(this IEnumerable<ISignalInterest> interests, string kind, long providerId, string fullName)
    {
        foreach (var interest in interests)
        {
            if (interest.Wants(kind, providerId, fullName))
            {
                return true;
            }
        }

        return false;
    }
}
