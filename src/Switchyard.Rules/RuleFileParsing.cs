using Switchyard.Rules.Language;
using Switchyard.Rules.Parsing;
using Switchyard.Rules.Yaml;

namespace Switchyard.Rules;

public sealed partial record RuleFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Total: whatever the text is, it gives a file, or what is wrong with it.</summary>
    /// <param name="yaml">The whole file.</param>
    /// <param name="scope">Where the file is: what it may start things in, and what is left out.</param>
    public static RuleFileResult Parse(string yaml, RuleFileScope scope)
    {
        if (YamlReader.Read(yaml, out var found) is not { } root)
        {
            return new(null, found.Count > 0 ? found : [Nothing()]);
        }

        var problems = new ProblemList();
        new SpecChecker(scope, problems).Check(RuleLanguage.File, root, "");
        new RuleChecks(scope, problems).Check(root);
        return new(problems.HasErrors ? null : new RuleBinder(scope).File((YamlMap)root), problems.InOrder) { Targets = [.. TargetPlaces.In(root)] };
    }

    private static RuleProblem Nothing() => new()
    {
        Line = 1,
        Column = 1,
        Path = "",
        Code = RuleProblemCode.Empty,
        Message = "The file is empty. Expected version: 1 and rules.",
    };
}
