namespace Switchyard.Rules;

/// <summary>What a rule file may start things in (design, section 13).</summary>
public static class Targets
{
    /// <summary>To be asked again before sending: a target with placeholders is only then known whole.</summary>
    /// <param name="scope">Where the rule's file is.</param>
    /// <param name="repository"><c>owner/name</c>.</param>
    public static bool IsAllowed(RuleFileScope scope, string repository) => throw new NotSupportedException();

    /// <summary>Why it is not, and what to do; null when it is.</summary>
    public static string? Refusal(RuleFileScope scope, string repository) => throw new NotSupportedException();
}
