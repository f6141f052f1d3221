using System.Text.RegularExpressions;

namespace Switchyard.Rules.Language;

/// <summary>What a text with placeholders must be, by where it stands.</summary>
internal static partial class TemplateRules
{
    /// <summary>A target is made of these alone: nothing that whoever pushes can choose.</summary>
    private static readonly string[] TargetFields = ["source.owner", "source.name", "source.full_name"];

    public static IEnumerable<TextProblem> Check(TextKind kind, string text)
    {
        if (Template.TryParse(text, out var problems) is not { } template)
        {
            return problems.Select(problem => new TextProblem(RuleProblemCode.Placeholder, problem.Message, problem.Suggestion, problem.At));
        }

        return kind switch
        {
            TextKind.RepositoryTemplate => Repository(template),
            TextKind.WorkflowFile => WorkflowFile(template),
            TextKind.Ref => Ref(template),
            TextKind.EventType => EventType(template),
            TextKind.QuietKey => QuietKey(template),
            _ => [],
        };
    }

    private static IEnumerable<TextProblem> Repository(Template template)
    {
        if (template.Fields.FirstOrDefault(field => !TargetFields.Contains(field)) is { } other)
        {
            yield return new(RuleProblemCode.Placeholder, $"A target cannot be made from {other}. Expected {Names.OneOf(TargetFields)}, so that what is started is known from the rule.");
            yield break;
        }

        var sample = string.Concat(template.Parts.Select(part => !part.IsField ? part.Text : part.Text == "source.full_name" ? "owner/name" : "owner"));
        if (TextRules.Repository(sample, patterns: false) is { } problem)
        {
            yield return sample.AsSpan().IndexOfAny('*', '?') >= 0
                ? new(RuleProblemCode.Malformed, $"\"{template.Text}\" is a pattern. Expected one repository; a second one is a second action.")
                : problem with { Message = problem.Message.Replace($"\"{sample}\"", $"\"{template.Text}\"", StringComparison.Ordinal), Suggestion = template.IsLiteral ? problem.Suggestion : null };
        }
    }

    private static IEnumerable<TextProblem> WorkflowFile(Template template)
    {
        if (template.IsLiteral && !WorkflowForm().IsMatch(template.Text))
        {
            var name = template.Text[(template.Text.LastIndexOf('/') + 1)..];
            yield return new(
                RuleProblemCode.Malformed,
                $"\"{template.Text}\" is no workflow. Expected the name of a file in .github/workflows that ends in .yml or .yaml, without folders, or the workflow's numeric id.",
                WorkflowForm().IsMatch(name) ? $"Write {name}." : null);
        }
    }

    private static IEnumerable<TextProblem> Ref(Template template)
    {
        if (template.IsLiteral ? CommitForm().IsMatch(template.Text) : template.Parts is [{ IsField: true, Text: "signal.sha" or "signal.short_sha" or "signal.before" }])
        {
            yield return new(RuleProblemCode.Malformed, "GitHub starts a workflow on a branch or a tag, not on a commit.", "Leave ref out, or name a branch, and hand the commit over as an input: sha: \"${{ signal.sha }}\".");
        }
        else if (template.IsLiteral && template.Text.Any(char.IsWhiteSpace))
        {
            yield return new(RuleProblemCode.Malformed, $"\"{template.Text}\" is no branch or tag: it holds a space.");
        }
    }

    private static IEnumerable<TextProblem> EventType(Template template)
    {
        var least = template.Parts.Where(part => !part.IsField).Sum(part => part.Text.Length);
        if (least > DispatchLimits.EventType)
        {
            yield return new(RuleProblemCode.Limit, $"The event_type has {least} characters. GitHub takes at most {DispatchLimits.EventType}.");
        }
    }

    private static IEnumerable<TextProblem> QuietKey(Template template)
    {
        foreach (var field in template.Fields.Where(field => field.StartsWith("batch.", StringComparison.Ordinal) || field == "dispatch.id"))
        {
            yield return new(RuleProblemCode.Placeholder, $"{field} is not known yet while it is waited. A key is made of fields that each Signal has.");
        }
    }

    [GeneratedRegex("^([^/\\\\]+\\.ya?ml|[0-9]{1,18})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex WorkflowForm();

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CommitForm();
}
