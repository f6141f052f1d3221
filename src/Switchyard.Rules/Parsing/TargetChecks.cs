using Switchyard.Rules.Matching;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>
/// Checks a target at load as far as it is literal: its placeholders are filled in with the repository patterns of the triggers, and
/// what can then not be allowed in any case is an error. What can, is asked again before sending.
/// </summary>
internal sealed class TargetChecks(RuleFileScope scope, ProblemList problems)
{
    public void Check(YamlNode rule, YamlScalar node, string path)
    {
        if (node.Template() is not { } target || !node.Value.Contains('/', StringComparison.Ordinal) && target.IsLiteral)
        {
            return;
        }

        var refused = Patterns(target, SourcePatterns(rule)).Where(pattern => !MayBeAllowed(pattern)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var repository in refused.Take(3))
        {
            problems.Error(node, path, RuleProblemCode.TargetNotAllowed, Targets.Reason(scope, repository), Targets.Step(scope, repository));
        }
    }

    /// <summary>What a template of a target can become, as patterns, for the patterns of its sources.</summary>
    public static IEnumerable<string> Patterns(Template target, IEnumerable<string> sources) => target.IsLiteral
        ? [target.Text]
        : sources.Select(source => Filled(target, source.Split('/', 2))).Where(pattern => pattern.Count(unit => unit == '/') == 1);

    private static string Filled(Template target, string[] source) => string.Concat(target.Parts.Select(part => !part.IsField ? part.Text : part.Text switch
    {
        "source.owner" => source[0],
        "source.name" => source[^1],
        "source.full_name" => string.Join('/', source),
        _ => "*",
    }));

    private IEnumerable<string> SourcePatterns(YamlNode rule)
    {
        foreach (var (_, _, keys, _) in rule.Triggers(""))
        {
            if (keys?["repositories"] is { } repositories)
            {
                foreach (var pattern in repositories.Texts().Where(pattern => !pattern.StartsWith('!') && pattern.Contains('/', StringComparison.Ordinal)))
                {
                    yield return pattern;
                }
            }
            else if (scope.Kind == RuleFileKind.Repository)
            {
                yield return Targets.Own(scope);
            }
        }
    }

    private bool MayBeAllowed(string pattern)
    {
        if (pattern.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return Targets.IsAllowed(scope, pattern) || !pattern.Contains('/', StringComparison.Ordinal);
        }

        return scope.Kind switch
        {
            RuleFileKind.Repository => GlobOverlap.Exists(pattern, Targets.Own(scope)),
            RuleFileKind.Central when GlobOverlap.Exists(pattern, scope.Owner + "/*") => true,
            _ => scope.AllowedTargets.Any(allowed => !allowed.StartsWith('!') && GlobOverlap.Exists(pattern, allowed)),
        };
    }
}
