using Switchyard.Rules;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>The workflow files of a target: there, switched on, with the trigger and the inputs that the rule uses.</summary>
internal sealed class WorkflowChecks(DoctorRound round)
{
    private const string IdHint = "Give it the input `switchyard_id` and show that in `run-name`: switchyard workflow init writes one that does.";

    public async Task RunAsync(WorkflowAction action, StartPlan plan, AccessibleRepository target, RuleFindings findings)
    {
        if (plan.What is not { } name)
        {
            findings.Unknown(target.FullName, $"Which workflow {action.File.Text} is, a signal tells; it cannot be looked at before.");
            return;
        }

        var (subject, place) = ($"{target.FullName} {name}", plan.Ref ?? target.DefaultBranch ?? "the default branch");
        if (!target.Grants("contents", "read"))
        {
            findings.Unknown(subject, $"The App lacks *Contents: read* on {target.FullName}, so the workflow's file cannot be looked at.", "GitHub refuses at the first start what does not fit.");
            return;
        }

        if (await round.FileAsync(target, name, plan.Ref ?? target.DefaultBranch) is not { } file)
        {
            await MissingAsync(action, plan, target, name, place, findings);
            return;
        }

        if (!await IsOnAsync(target, subject, name, findings))
        {
            return;
        }

        if (file.Inputs is null)
        {
            findings.Error(subject, $"It has no `workflow_dispatch` trigger on {place}, so nobody can start it.", $"Add `on: workflow_dispatch` to .github/workflows/{name} on {place} of {target.FullName}.");
            return;
        }

        Judge(action, file, subject, place, findings);
        if (!plan.RefIsKnown)
        {
            findings.Unknown(subject, $"On which ref it runs ({action.Ref!.Text}), a signal tells; the file on {place} was looked at.");
        }
    }

    private static void Judge(WorkflowAction action, WorkflowFile file, string subject, string place, RuleFindings findings)
    {
        var names = file.Declared.Select(input => input.Name).ToList();
        var unknown = action.Inputs.Keys.Where(name => !names.Contains(name, StringComparer.Ordinal)).ToList();
        var missing = file.Declared.Where(input => input is { Required: true, HasDefault: false } && input.Name != DispatchLimits.OwnInput && !action.Inputs.ContainsKey(input.Name)).Select(input => input.Name).ToList();
        foreach (var name in unknown)
        {
            var near = Nearest.Of(name, names);
            findings.Error(
                subject,
                $"It has no input {name} on {place}, so GitHub refuses the start.{(near is null ? names.Count == 0 ? " It has none." : $" There are {string.Join(", ", names)}." : $" Did you mean {near}?")}",
                $"Declare it under `on.workflow_dispatch.inputs`, or take it out of line {action.Line} of the rule's file.");
        }

        foreach (var name in missing)
        {
            findings.Error(subject, $"It requires the input {name}, which the rule does not give, so GitHub refuses the start.", $"Give it under `inputs` in line {action.Line} of the rule's file.");
        }

        var refused = file.Declared.Where(input => input.Options.Count > 0 && action.Inputs.GetValueOrDefault(input.Name) is { IsLiteral: true } given && !input.Options.Contains(given.Text, StringComparer.Ordinal)).ToList();
        foreach (var input in refused)
        {
            findings.Error(subject, $"Its input {input.Name} does not take \"{action.Inputs[input.Name].Text}\", so GitHub refuses the start.", $"Give one of {string.Join(", ", input.Options)}.");
        }

        if (unknown.Count + missing.Count + refused.Count > 0)
        {
            return;
        }

        if (file.TakesId)
        {
            findings.Ok(subject, $"It can be started on {place}, takes the inputs{(file.ShowsIdOf(DispatchKind.Workflow) ? " and shows our id" : " and our id")}.");
        }
        else
        {
            findings.Warning(subject, $"It can be started on {place} and takes the inputs, but not our id: where GitHub does not name the Run, that is found as probable.", IdHint);
        }
    }

    /// <summary>GitHub knows a workflow by its file on the default branch, whatever the ref, and one can be switched off.</summary>
    private async Task<bool> IsOnAsync(AccessibleRepository target, string subject, string name, RuleFindings findings)
    {
        if (await round.WorkflowAsync(target, name) is not { } workflow)
        {
            findings.Error(subject, $"It is not on {target.DefaultBranch}, and GitHub starts only what is there as well.", $"Merge .github/workflows/{name} into {target.DefaultBranch} of {target.FullName}.");
            return false;
        }

        if (IsOff(workflow.State))
        {
            findings.Error(subject, $"It is switched off ({workflow.State}).", $"Enable it on GitHub{(workflow.HtmlUrl is { } url ? ": " + url : ".")}");
            return false;
        }

        return true;
    }

    private async Task MissingAsync(WorkflowAction action, StartPlan plan, AccessibleRepository target, string name, string place, RuleFindings findings)
    {
        var subject = $"{target.FullName} {name}";
        var correct = $"Correct line {action.Line} of the rule's file";
        if (plan.Ref is { } reference && !await round.HasRefAsync(target, reference))
        {
            findings.Error(subject, $"There is no branch or tag {reference} in {target.FullName}.", $"{correct}, or make it.");
            return;
        }

        var files = (await round.WorkflowsAsync(target)).Select(workflow => workflow.Workflow.Path?[(workflow.Workflow.Path.LastIndexOf('/') + 1)..]).OfType<string>().ToList();
        if (files.Contains(name, StringComparer.Ordinal))
        {
            var elsewhere = plan.Ref is not null && plan.Ref != target.DefaultBranch && await round.FileAsync(target, name, target.DefaultBranch) is not null;
            findings.Error(
                subject,
                elsewhere ? $"It is on {target.DefaultBranch}, and not on {place}." : $"It is there on {place}, and cannot be read as YAML.",
                elsewhere ? $"{correct}, or merge the file into {place}." : "Correct the file; GitHub shows what is wrong on the page of the workflow.");
            return;
        }

        findings.Error(
            subject,
            MissingWorkflow.Say(name, place, target.FullName, files),
            $"{correct}, or add the workflow: switchyard workflow init writes one.");
    }

    public static bool IsOff(string? state) => state is not null and not "active";
}
