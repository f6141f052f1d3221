using System.Globalization;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches;

/// <summary>A workflow of a target: GitHub's row of it, and its file on the default branch where that could be read.</summary>
internal sealed record TargetWorkflow(Workflow Workflow, WorkflowFile? File);

/// <summary>Reads the workflow files of targets. Unchanged ones cost no quota: they are asked for conditionally.</summary>
internal sealed class WorkflowFiles(TargetAccess targets)
{
    private const string Folder = ".github/workflows/";

    /// <summary>One file on a ref; null where there is none, or where the App may not read it.</summary>
    /// <param name="workflow">The file's name, or the workflow's id.</param>
    /// <exception cref="GitHubException">GitHub could not be asked.</exception>
    public async Task<WorkflowFile?> ReadAsync(AccessibleRepository target, string workflow, string? reference, CancellationToken cancellation)
    {
        try
        {
            var path = Folder + workflow;
            if (long.TryParse(workflow, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                var actions = (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions;
                path = (await actions.GetWorkflowAsync(target.Owner, target.Name, workflow, cancellation))?.Path ?? path;
            }

            var files = (await targets.OpenAsync(target, cancellation, ("contents", "read"))).Files;
            return await files.GetContentAsync(target.Owner, target.Name, path, reference, cancellation) is { } bytes ? WorkflowFile.Parse(bytes) : null;
        }
        catch (GitHubException failure) when (IsForbidden(failure))
        {
            return null;
        }
    }

    /// <summary>All workflows of the default branch.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked, or the App may not.</exception>
    public async Task<IReadOnlyList<TargetWorkflow>> ListAsync(AccessibleRepository target, CancellationToken cancellation)
    {
        var actions = (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions;
        var found = new List<TargetWorkflow>();
        await foreach (var workflow in actions.ListWorkflowsAsync(target.Owner, target.Name, cancellation))
        {
            var file = workflow.Path is { } path && path.StartsWith(Folder, StringComparison.Ordinal)
                ? await ReadAsync(target, path[Folder.Length..], target.DefaultBranch, cancellation)
                : null;
            found.Add(new TargetWorkflow(workflow, file));
        }

        return found;
    }

    /// <summary>The names of the workflow files that GitHub knows.</summary>
    /// <exception cref="GitHubException">GitHub could not be asked, or the App may not.</exception>
    public async Task<IReadOnlyList<string>> NamesAsync(AccessibleRepository target, CancellationToken cancellation)
    {
        var actions = (await targets.OpenAsync(target, cancellation, ("actions", "read"))).Actions;
        var names = new List<string>();
        await foreach (var workflow in actions.ListWorkflowsAsync(target.Owner, target.Name, cancellation))
        {
            if (workflow.Path is { } path && path.StartsWith(Folder, StringComparison.Ordinal))
            {
                names.Add(path[Folder.Length..]);
            }
        }

        return names;
    }

    public static bool IsForbidden(GitHubException failure) =>
        failure.Kind is GitHubErrorKind.PermissionMissing or GitHubErrorKind.NotGranted or GitHubErrorKind.NotFound or GitHubErrorKind.Validation;
}
