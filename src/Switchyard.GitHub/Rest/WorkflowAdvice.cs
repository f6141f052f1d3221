namespace Switchyard.GitHub.Rest;

/// <summary>What to do when GitHub refuses to start a workflow. The words looked for are GitHub's of 2026; others get the general advice.</summary>
internal sealed class WorkflowAdvice(string repository, string workflow, string reference)
{
    public string? For(int status, string message)
    {
        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        return status switch
        {
            422 when Says("does not have 'workflow_dispatch' trigger") => $"Add `workflow_dispatch:` under `on:` of {workflow} on {reference} (and on the default branch) of {repository}; `switchyard workflow init` writes such a file.",
            422 when Says("No ref found") => $"There is no branch or tag {reference} in {repository}. Name one that exists, without refs/heads/; a commit's SHA is not taken.",
            422 when Says("Unexpected inputs") => $"Declare these inputs under `on.workflow_dispatch.inputs` of {workflow} on {reference}, or leave them out.",
            422 when Says("Required input") => $"{workflow} on {reference} requires it: give it as an input, or give it a default there.",
            422 when Says("not in the list") || Says("not a valid") || Says("invalid value") => $"See `on.workflow_dispatch.inputs` of {workflow} on {reference} for what it takes.",
            403 or 422 when Says("disabled workflow") || Says("workflow is disabled") => $"Enable {workflow} under Actions of {repository}; GitHub disables scheduled ones after 60 quiet days.",
            403 or 404 or 422 when Says("Actions has been disabled") || Says("Actions is disabled") || Says("Actions is not enabled") => $"Enable Actions in the settings of {repository}.",
            422 => $"Correct what GitHub names in the request, or in {workflow} on {reference} of {repository}.",
            _ => null,
        };
    }

    public static string? ForRerun(int status, string message)
    {
        bool Says(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        return status is 403 or 409 or 422 && (Says("already running") || Says("is not completed") || Says("in progress")) ? "Wait for its end, or cancel it first."
            : status is 403 or 409 or 422 && (Says("retries") || Says("re-run") || Says("rerun") || Says("older than") || Says("a month ago")) ? "GitHub runs only what is younger than 30 days again, and failed jobs only where some failed: start the workflow anew."
            : null;
    }
}
