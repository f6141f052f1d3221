using Switchyard.Server.Signals;

namespace Switchyard.Server.Rules;

/// <summary>Tells what is found out at a cost whether a rule asks for it, by the rules as they were last opened.</summary>
internal sealed class RuleInterest(RuleBook book) : ISignalInterest
{
    public bool Wants(string kind, long providerId, string fullName) => book.Last.Candidates(providerId, kind, fullName).Any(pair => pair.Key.Enabled);
}
