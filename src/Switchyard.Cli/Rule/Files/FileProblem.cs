using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>One thing that is wrong with a file of rules, whoever found it: this program or a server.</summary>
internal sealed record FileProblem(int Line, int Column, string Path, string Severity, string Code, string Message, string? Suggestion)
{
    public bool IsError => Severity == nameof(RuleProblemSeverity.Error);

    public static FileProblem Of(RuleProblem problem) =>
        new(problem.Line, problem.Column, problem.Path, problem.Severity.ToString(), problem.Code, problem.Message, problem.Suggestion);

    public static FileProblem Of(JsonNode problem) => new(
        (int)(Members.Number(problem, "line") ?? 1),
        (int)(Members.Number(problem, "column") ?? 1),
        Members.At(problem, "path") ?? "",
        Members.At(problem, "severity") ?? nameof(RuleProblemSeverity.Error),
        Members.At(problem, "code") ?? "",
        Members.At(problem, "message") ?? "",
        Members.At(problem, "suggestion"));

    /// <summary>As compilers write it, so that editors find the place; what to write instead is on a line of its own.</summary>
    public IEnumerable<string> Lines(string file)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{file}:{Line}:{Column}: {(IsError ? "error" : "warning")}: {Printable.Line(Message)}");
        if (Suggestion is not null)
        {
            yield return "  " + Printable.Line(Suggestion);
        }
    }

    public JsonObject ToJson() => new()
    {
        ["line"] = Line,
        ["column"] = Column,
        ["path"] = Path,
        ["severity"] = Severity,
        ["code"] = Code,
        ["message"] = Message,
        ["suggestion"] = Suggestion,
    };
}
