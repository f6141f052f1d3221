using Switchyard.Rules;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches;

/// <summary>Keeps with a Dispatch where its rule's file is, so that before each call it can be asked whether it may be made.</summary>
internal static class DispatchScope
{
    public static string Write(RuleFileScope scope) => scope.Kind switch
    {
        RuleFileKind.Central => $"{nameof(RuleFileKind.Central)} {scope.Owner}",
        RuleFileKind.Repository => $"{nameof(RuleFileKind.Repository)} {scope.Owner}/{scope.Repository}",
        _ => nameof(RuleFileKind.Local),
    };

    /// <param name="allowed">What an administrator allows now.</param>
    /// <returns>Null where nothing was kept.</returns>
    public static RuleFileScope? Read(string? text, IReadOnlyList<string> allowed) => text?.Split(' ') switch
    {
        [nameof(RuleFileKind.Central), var owner] => RuleFileScope.Central(owner, allowed),
        [nameof(RuleFileKind.Repository), var name] => RuleFileScope.ForRepository(name.Split('/')[0], name.Split('/')[^1]),
        [nameof(RuleFileKind.Local)] => RuleFileScope.Local(allowed),
        _ => null,
    };

    /// <summary>A repository's own file, and that repository, whatever it is called by now.</summary>
    public static bool IsItself(RuleFileScope scope, Dispatch dispatch, AccessibleRepository target) =>
        scope.Kind == RuleFileKind.Repository && dispatch.GithubRepositoryId == target.GithubId
        && string.Equals(dispatch.TargetName, $"{scope.Owner}/{scope.Repository}", StringComparison.OrdinalIgnoreCase);
}
