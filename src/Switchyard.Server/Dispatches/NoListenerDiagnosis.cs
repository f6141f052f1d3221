using Switchyard.GitHub;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches;

/// <summary>Why a Dispatch that GitHub took has no Run, and what to do about it.</summary>
internal sealed record NoRunReason(string Detail, string NextStep);

/// <summary>Asks, in this order: may the runs be read, does a workflow listen, is it switched on. What is left is GitHub's own limits.</summary>
internal sealed class NoListenerDiagnosis(WorkflowFiles files)
{
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public async Task<NoRunReason> FindAsync(Dispatch dispatch, AccessibleRepository target, CancellationToken cancellation)
    {
        IReadOnlyList<TargetWorkflow> workflows;
        try
        {
            workflows = await files.ListAsync(target, cancellation);
        }
        catch (GitHubException failure) when (WorkflowFiles.IsForbidden(failure))
        {
            return new NoRunReason(
                $"GitHub took it, and its Run cannot be seen: the App lacks *Actions: read* on {target.FullName} (GitHub says \"{failure.GitHubMessage ?? failure.Message}\").",
                $"Grant it in the App's settings and have {target.Owner} approve it; the Run is then found by itself.");
        }

        return dispatch.Kind == DispatchKind.Workflow ? OfWorkflow(dispatch, target, workflows) : OfEvent(dispatch, target, workflows);
    }

    private static NoRunReason OfEvent(Dispatch dispatch, AccessibleRepository target, IReadOnlyList<TargetWorkflow> workflows)
    {
        var type = dispatch.EventType!;
        var listening = workflows.Where(workflow => workflow.File?.ListensTo(type) == true).ToList();
        if (listening.Count > 0)
        {
            return listening.TrueForAll(IsOff) ? Off(target, listening[0]) : NothingStarted(target, listening.Find(workflow => !IsOff(workflow))!);
        }

        if (workflows.Count > 0 && workflows.All(workflow => workflow.File is null))
        {
            return new NoRunReason(
                $"GitHub took it and started nothing that could be seen. Whether a workflow of {target.FullName} listens to `{type}` cannot be told: the App may not read its files.",
                $"Look into .github/workflows on {target.DefaultBranch}: one needs `{type}` under `on.repository_dispatch.types`.");
        }

        var others = workflows.SelectMany(workflow => workflow.File?.DispatchTypes ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new NoRunReason(
            $"No workflow in {target.FullName} listens to `{type}`.{(others.Count > 0 ? $" There are listeners to {string.Join(", ", others.Select(other => $"`{other}`"))}." : "")}",
            $"Add it under `on.repository_dispatch.types` of a workflow on {target.DefaultBranch ?? "the default branch"}: `switchyard workflow init --event-type {type}` writes one.");
    }

    private static NoRunReason OfWorkflow(Dispatch dispatch, AccessibleRepository target, IReadOnlyList<TargetWorkflow> workflows)
    {
        var found = workflows.FirstOrDefault(workflow => workflow.Workflow.Path?.EndsWith("/" + dispatch.Workflow, StringComparison.Ordinal) == true || $"{workflow.Workflow.Id}" == dispatch.Workflow);
        return found is null
            ? new NoRunReason($"There is no workflow {dispatch.Workflow} on the default branch of {target.FullName} any more.", "Put it back, or name another in the rule.")
            : IsOff(found) ? Off(target, found)
            : NothingStarted(target, found);
    }

    private static bool IsOff(TargetWorkflow workflow) => workflow.Workflow.State is { } state && state != "active";

    private static NoRunReason Off(AccessibleRepository target, TargetWorkflow workflow) => new(
        $"The workflow {workflow.Workflow.Path} of {target.FullName} is switched off ({workflow.Workflow.State}).",
        $"Enable it on GitHub{(workflow.Workflow.HtmlUrl is { } url ? $": {url}" : "")}.");

    private static NoRunReason NothingStarted(AccessibleRepository target, TargetWorkflow workflow) => new(
        $"GitHub accepted it and started nothing, although {workflow.Workflow.Path} of {target.FullName} listens: Actions blocks bursts (above 500 runs within ten seconds), or is switched off for the repository.",
        "Check Settings > Actions of the target. A Run that still comes is linked by itself; to send it again: switchyard dispatch retry.");
}
