using Switchyard.Rules;

namespace Switchyard.Server.Dispatches.Doctor;

/// <param name="IsMust">Without it the rule does not work; otherwise something of it is not shown.</param>
internal sealed record Need(string Permission, string Level, string For, bool IsMust)
{
    public string Title => $"*{char.ToUpperInvariant(Permission[0])}{Permission[1..].Replace('_', ' ')}: {Level}*";
}

/// <summary>The permissions that a rule needs: where it is started, and where it starts something.</summary>
internal static class RuleNeeds
{
    public static List<Need> Of(Rule rule, Trigger trigger)
    {
        var needs = new List<Need> { new("contents", "read", "without it nothing of the repository is known", true) };
        if (trigger is PullRequestTrigger)
        {
            needs.Add(new("pull_requests", "read", "without it no pull request is told", true));
        }

        if (rule.Checks is not null || trigger is ChecksTrigger)
        {
            const string Why = "the rule waits for checks, and cannot read them";
            needs.Add(new("checks", "read", Why, true));
            needs.Add(new("statuses", "read", Why, true));
        }

        if (rule.Report == Report.Check)
        {
            needs.Add(new("checks", "write", "the rule works, and is not shown on the commit", false));
        }

        return needs;
    }

    /// <summary>None where nothing is started on GitHub.</summary>
    public static List<Need> Of(RuleAction action)
    {
        const string Why = "GitHub refuses to start anything there";
        var follow = new Need("actions", "read", "the Run cannot be followed", false);
        return action switch
        {
            WorkflowAction => [new("actions", "write", Why, true), follow],
            DispatchAction => [new("contents", "write", Why, true), follow],
            _ => [],
        };
    }

    /// <summary>All that the rule needs somewhere, each permission once and at its highest level.</summary>
    public static IEnumerable<Need> Of(Rule rule) => rule.On.SelectMany(trigger => Of(rule, trigger)).Concat(rule.Do.SelectMany(Of))
        .GroupBy(need => need.Permission, StringComparer.Ordinal)
        .SelectMany(needs => needs.Where(need => need.IsMust).OrderByDescending(IsWrite).Take(1).Concat(needs.Where(need => !need.IsMust && !needs.Any(must => must.IsMust && (must.Level == need.Level || IsWrite(must)))).OrderByDescending(IsWrite).Take(1)));

    private static bool IsWrite(Need need) => need.Level == "write";
}
