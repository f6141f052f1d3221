using Switchyard.Rules.Yaml;

namespace Switchyard.Rules.Parsing;

/// <summary>Collects what is wrong with a file, with its places.</summary>
internal sealed class ProblemList
{
    /// <summary>Who reads more than this, reads none.</summary>
    private const int Most = 200;

    /// <summary>What is found later would not be shown; looking for it only takes time.</summary>
    public bool IsFull => problems.Count >= 2 * Most;

    private readonly List<RuleProblem> problems = [];

    public bool HasErrors { get; private set; }

    public IReadOnlyList<RuleProblem> InOrder => [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).Take(Most)];

    public void Error(YamlNode at, string path, string code, string message, string? suggestion = null, int offset = 0) =>
        Add(at, path, RuleProblemSeverity.Error, code, message, suggestion, offset);

    public void Warning(YamlNode at, string path, string code, string message, string? suggestion = null) =>
        Add(at, path, RuleProblemSeverity.Warning, code, message, suggestion, 0);

    private void Add(YamlNode at, string path, RuleProblemSeverity severity, string code, string message, string? suggestion, int offset)
    {
        HasErrors |= severity == RuleProblemSeverity.Error;
        problems.Add(new RuleProblem
        {
            Line = at.Line,
            Column = at.Column + offset,
            Path = path,
            Severity = severity,
            Code = code,
            Message = message,
            Suggestion = suggestion,
        });
    }
}
