using System.Text;
using System.Text.Json;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Reports;
using Switchyard.Server.Rules.Sources;
using Switchyard.Server.Storage;

namespace Switchyard.Server.Rules.Trials;

/// <summary>The check run on a pull request that changes a file of rules: what is wrong with it, and what it would have done last week.</summary>
internal sealed class PreviewReport(Database database) : IReportContent
{
    public const string ReportKind = "preview";

    private const int Shown = 50;

    public string Kind => ReportKind;

    public async Task<CheckRunDraft?> ComposeAsync(ReportSubject subject, CancellationToken cancellation)
    {
        var preview = await database.ReadAsync(
            session => session.FirstAsync<PreviewRow>($"select {PreviewRow.Columns} from rule_previews where id = @Subject", subject), cancellation);
        if (preview?.Result is null || JsonSerializer.Deserialize<TestedRules>(preview.Result, JsonSerializerOptions.Web) is not { } result)
        {
            return null;
        }

        var path = preview.Kind == "Central" ? ReadRuleFiles.CentralPath : ReadRuleFiles.OwnPath;
        return new CheckRunDraft
        {
            Status = "completed",
            Conclusion = result.Good ? "success" : "failure",
            Title = result.Good
                ? $"{result.Added.Count} more and {result.Removed.Count} fewer would have been started in the last 7 days"
                : $"{RuleFileReports.Counted(result.Problems.Count(problem => problem.Severity == "Error"), "error")}: merged as it is, this would not be in force",
            Summary = Describe(path, result),
            Annotations = [.. result.Problems.Select(problem => new CheckAnnotation(path, problem.Line, problem.Line, problem.Severity == "Error" ? "failure" : "warning", $"{problem.Message} {problem.Suggestion}".TrimEnd())
            {
                StartColumn = problem.Column,
                EndColumn = problem.Column,
                Title = problem.Code,
            })],
        };
    }

    private static string Describe(string path, TestedRules result)
    {
        var text = new StringBuilder();
        foreach (var problem in result.Problems)
        {
            text.Append($"- line {problem.Line}, column {problem.Column}: {problem.Message} {problem.Suggestion}".TrimEnd()).Append('\n');
        }

        if (!result.Good)
        {
            return text.Append("\nWhat the rules start is looked at once there are no errors.\n").ToString();
        }

        text.Append($"`{path}` of this pull request was held against {result.Signals:N0} signals since {result.Since:yyyy-MM-dd HH:mm}Z. {result.Unchanged:N0} dispatches stay as they are. How checks came out is not replayed.\n");
        Table(text, "Would be started in addition", result.Added);
        Table(text, "Would no longer be started", result.Removed);
        foreach (var unknown in result.Unknown)
        {
            text.Append($"\nNot known: {unknown}\n");
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, IReadOnlyList<TestedDispatch> dispatches)
    {
        if (dispatches.Count == 0)
        {
            return;
        }

        text.Append($"\n**{title}**\n\n| Rule | Target | Source | Commit | Signals | When |\n|---|---|---|---|---|---|\n");
        foreach (var dispatch in dispatches.Take(Shown))
        {
            text.Append($"| {Cell(dispatch.Rule)} | {Cell(dispatch.Target)} | {Cell(dispatch.Repository)} | {dispatch.Sha?[..Math.Min(7, dispatch.Sha.Length)]} | {dispatch.Signals} | {dispatch.DueAt:MM-dd HH:mm}Z |\n");
        }

        if (dispatches.Count > Shown)
        {
            text.Append($"\n... and {dispatches.Count - Shown:N0} more: `switchyard rule test FILE` prints all.\n");
        }
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
