namespace Switchyard.Rules;

/// <summary>What a rule file may start things in (design, section 13).</summary>
public static class Targets
{
    /// <summary>To be asked again before sending: a target with placeholders is only then known whole.</summary>
    /// <param name="scope">Where the rule's file is.</param>
    /// <param name="repository"><c>owner/name</c>.</param>
    public static bool IsAllowed(RuleFileScope scope, string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == repository.Length - 1)
        {
            return false;
        }

        return scope.Kind switch
        {
            RuleFileKind.Repository => Same(repository, Own(scope)),
            RuleFileKind.Central when Same(repository[..slash], scope.Owner!) => true,
            _ => scope.AllowedTargets.Count > 0 && PatternList.OfRepositories(scope.AllowedTargets).Matches(repository),
        };
    }

    /// <summary>Why it is not, and what to do; null when it is.</summary>
    public static string? Refusal(RuleFileScope scope, string repository) =>
        IsAllowed(scope, repository) ? null : $"{Reason(scope, repository)} {Step(scope, repository)}";

    internal static string Own(RuleFileScope scope) => $"{scope.Owner}/{scope.Repository}";

    internal static string Reason(RuleFileScope scope, string repository) => scope.Kind switch
    {
        RuleFileKind.Repository => $"A rule in {Own(scope)} may only start things in {Own(scope)}, not in {repository}.",
        RuleFileKind.Central => $"The rules of {scope.Owner} may start things in repositories of {scope.Owner}, not in {repository}, which no administrator has allowed.",
        _ => $"No administrator has allowed rules to start things in {repository}.",
    };

    internal static string Step(RuleFileScope scope, string repository) => scope.Kind == RuleFileKind.Repository
        ? $"Move the rule to switchyard.yml in {scope.Owner}/.github, or let {repository} subscribe in its own .github/switchyard.yml."
        : $"An administrator can allow it: switchyard admin target allow {repository}";

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
