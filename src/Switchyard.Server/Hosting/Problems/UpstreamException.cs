namespace Switchyard.Server.Hosting.Problems;

/// <summary>What somebody else (a vault) failed or refused to do; wherever a request meets it, it is told as 502 with the message.</summary>
public abstract class UpstreamException(string message, NextStep next) : InvalidOperationException(message)
{
    public NextStep Next => next;
}
