using System.Text;
using Switchyard.Rules.Language;

namespace Switchyard.Rules;

/// <summary>The answers from which a first rule file is written.</summary>
public sealed record RuleStarterAnswers
{
    /// <summary>The rule's name; null: made from the target.</summary>
    public string? Name { get; init; }

    /// <summary><c>owner/name</c>, with <c>*</c>; at least one.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary><c>owner/name</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The workflow file of the target; or <see cref="EventType"/>.</summary>
    public string? Workflow { get; init; }

    /// <summary>The type of a repository_dispatch, where there is no <see cref="Workflow"/>.</summary>
    public string? EventType { get; init; }

    public IReadOnlyList<string> Branches { get; init; } = ["main"];

    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>On pull requests, too.</summary>
    public bool PullRequests { get; init; }

    /// <summary>Only when the source's checks are green.</summary>
    public bool Gate { get; init; }

    /// <summary>Zero: at once.</summary>
    public TimeSpan Quiet { get; init; }
}

/// <summary>Writes a first rule file.</summary>
public static class RuleStarter
{
    /// <summary>
    /// A commented file that has no problems in a scope that may start things in the target, if each answer is well-formed: the
    /// caller parses it, and shows what that says.
    /// </summary>
    public static string Write(RuleStarterAnswers answers)
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            # Rules of Switchyard: what a change in one repository starts in others.
            # Check it with "switchyard rule check FILE"; try it on what has happened with "switchyard rule test FILE".
            version: 1
            rules:
              - name: {Quoted(answers.Name ?? NameOf(answers))}
                on:
                  # A branch moved. Later patterns win, and "!" leaves out again: ["src/**", "!**/*.md"].
                  push:

            """);
        Sources(text, answers);
        if (answers.PullRequests)
        {
            text.Append("      # A pull request was opened, got new commits, or was reopened. From forks only with \"forks: true\".\n      pull_request:\n");
            Sources(text, answers);
        }

        text.Append(answers.Gate
            ? "    # It waits until each check of the commit has passed, and for 30s no other one shows up.\n    checks: { require: success, settle: 30s, timeout: 2h }\n"
            : "    # To wait for the checks of the commit:\n    # checks: { require: success, settle: 30s, timeout: 2h }\n");
        text.Append(answers.Quiet > TimeSpan.Zero
            ? $"    # It waits until nothing more has happened on the branch, then starts once, for the last commit.\n    quiet: {{ for: {Durations.Write(answers.Quiet)}, keep: latest }}\n"
            : "    # To start once for many pushes in a row:\n    # quiet: { for: 2m, max: 15m, keep: latest }\n");
        text.Append("    do:\n");
        Action(text, answers);
        text.Append("    # A check run on the source commit shows how far it is and how it ended; \"none\" switches it off.\n    report: check\n");
        return text.ToString();
    }

    private static void Sources(StringBuilder text, RuleStarterAnswers answers)
    {
        text.Append($"        repositories: {List(answers.Sources)}\n");
        if (answers.Branches.Count > 0)
        {
            text.Append($"        branches: {List(answers.Branches)}\n");
        }

        if (answers.Paths.Count > 0)
        {
            text.Append($"        paths: {List(answers.Paths)}\n");
        }
    }

    private static void Action(StringBuilder text, RuleStarterAnswers answers)
    {
        if (answers.Workflow is { } file)
        {
            text.Append(
                $$$"""
                      # Starts the workflow, which needs "on: workflow_dispatch" with these inputs. Declare the input
                      # {{{DispatchLimits.OwnInput}}} as well, and Switchyard fills it, so that the Run is always found.
                      # "switchyard workflow init" writes such a workflow.
                      - workflow:
                          repository: {{{Quoted(answers.Target)}}}
                          file: {{{Quoted(file)}}}
                          inputs:
                            {{{StarterNames.Source}}}: "${{ source.full_name }}"
                            {{{StarterNames.Sha}}}: "${{ signal.sha }}"

                """);
            return;
        }

        text.Append(
            $$$"""
                  # Whatever listens by "on: repository_dispatch" with this type, starts; "switchyard workflow init" writes
                  # such a workflow.
                  - dispatch:
                      repository: {{{Quoted(answers.Target)}}}
                      event_type: {{{Quoted(answers.EventType ?? "upstream-changed")}}}
                      payload:
                        {{{StarterNames.Source}}}: "${{ source.full_name }}"
                        {{{StarterNames.Sha}}}: "${{ signal.sha }}"

            """);
    }

    private static string NameOf(RuleStarterAnswers answers)
    {
        var target = answers.Target[(answers.Target.LastIndexOf('/') + 1)..];
        return answers.Workflow is { } file ? $"{target} {Path.GetFileNameWithoutExtension(file)}" : $"{target} {answers.EventType}".Trim();
    }

    private static string List(IReadOnlyList<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    private static string Quoted(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_' or '.' or '/')
            && text is not ("true" or "false" or "null" or "True" or "False" or "Null" or "TRUE" or "FALSE" or "NULL")
            ? text
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ")}\"";
}
