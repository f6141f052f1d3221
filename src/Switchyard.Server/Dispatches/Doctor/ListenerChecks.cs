using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches.Doctor;

/// <summary>Whether a workflow of the target listens to an event that a rule sends: on the default branch, switched on.</summary>
internal sealed class ListenerChecks(DoctorRound round)
{
    public async Task RunAsync(StartPlan plan, AccessibleRepository target, RuleFindings findings)
    {
        if (plan.What is not { } type)
        {
            findings.Unknown(target.FullName, "Of which type the event is, a signal tells; who listens cannot be looked at before.");
            return;
        }

        var (subject, branch) = ($"{target.FullName} {type}", target.DefaultBranch ?? "the default branch");
        var workflows = await round.WorkflowsAsync(target);
        var listening = workflows.Where(workflow => workflow.File?.ListensTo(type) == true).ToList();
        if (listening.Count == 0)
        {
            var others = workflows.SelectMany(workflow => workflow.File?.DispatchTypes ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            findings.Error(
                subject,
                $"No workflow on {branch} of {target.FullName} listens to `{type}`.{(others.Count > 0 ? $" There are listeners to {string.Join(", ", others.Select(other => $"`{other}`"))}." : "")}",
                $"Add it under `on.repository_dispatch.types` of a workflow on {branch}: switchyard workflow init --event-type {ShellWord.Quote(type)} writes one.");
            return;
        }

        if (listening.TrueForAll(workflow => WorkflowChecks.IsOff(workflow.Workflow.State)))
        {
            findings.Error(subject, $"{listening[0].Workflow.Path} listens, and is switched off ({listening[0].Workflow.State}).", $"Enable it on GitHub: {listening[0].Workflow.HtmlUrl}");
        }
        else if (listening.Exists(workflow => workflow.File!.ShowsIdOf(DispatchKind.Dispatch)))
        {
            findings.Ok(subject, $"{string.Join(", ", listening.Select(workflow => workflow.Workflow.Path))} listens, and shows our id.");
        }
        else
        {
            findings.Warning(
                subject,
                $"{string.Join(", ", listening.Select(workflow => workflow.Workflow.Path))} listens, and its `run-name` does not show our id: its Run is found as probable.",
                "Put ${{ github.event.client_payload.switchyard.dispatch }} into its `run-name`.");
        }
    }
}
