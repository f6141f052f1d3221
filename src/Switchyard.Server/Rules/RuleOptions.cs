namespace Switchyard.Server.Rules;

/// <summary>Section <c>Rules</c>.</summary>
public sealed class RuleOptions
{
    public const string Section = "Rules";

    /// <summary>Repositories whose Signals are held against the rules at once on this node; 1 to 64, default 4.</summary>
    public int Lanes { get; set; } = 4;

    /// <summary>How long evaluations are kept; default 30 days.</summary>
    public TimeSpan EvaluationRetention { get; set; } = TimeSpan.FromDays(30);
}
