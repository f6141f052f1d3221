using Switchyard.Rules;

namespace Switchyard.Server.Rules.Sources;

/// <summary>Looks on GitHub whether what a file of rules starts can be started; implemented where Dispatches are known.</summary>
internal interface IRuleTargets
{
    /// <summary>Warnings alone: a workflow may be merged a moment later. What could not be looked at is among them. It holds no transaction.</summary>
    public Task<IReadOnlyList<RuleProblem>> LookAsync(RuleSourceKey key, RuleFileScope scope, RuleFile file, CancellationToken cancellation);
}
