using System.Globalization;
using Switchyard.GitHub;
using Switchyard.Server.Hosting;
using Switchyard.Server.Providers;

namespace Switchyard.Server.Dispatches;

/// <summary>Says that a workflow is not there, and which ones are.</summary>
internal static class MissingWorkflow
{
    private const int Named = 10;

    /// <param name="workflow">The file's name, or the workflow's id.</param>
    /// <param name="place">The branch or tag that was looked at.</param>
    /// <param name="files">The names of the workflow files there are.</param>
    public static string Say(string workflow, string place, string repository, IReadOnlyCollection<string> files)
    {
        var there = Nearest.Of(workflow, files) is { } near ? $" Did you mean {near}?" : files.Count > 0 ? $" There are {string.Join(", ", files.Take(Named))}." : " There is none.";
        return IsId(workflow) ? $"There is no workflow with the id {workflow} in {repository}.{there}" : $"There is no .github/workflows/{workflow} on {place} of {repository}.{there}";
    }

    /// <summary>What GitHub's 404 to a start means, where its workflows tell; null where it is something else, or cannot be asked.</summary>
    public static async Task<string?> ExplainAsync(WorkflowFiles files, AccessibleRepository target, string workflow, string reference, CancellationToken cancellation)
    {
        try
        {
            var names = await files.NamesAsync(target, cancellation);
            var branch = target.DefaultBranch ?? "the default branch";
            return names.Contains(workflow, StringComparer.Ordinal) || names.Count == 0 ? null
                : reference != target.DefaultBranch && !IsId(workflow) && await files.ReadAsync(target, workflow, reference, cancellation) is not null
                    ? $".github/workflows/{workflow} of {target.FullName} is on {reference} and not on {branch}, and GitHub starts only what is there as well."
                    : Say(workflow, branch, target.FullName, names);
        }
        catch (GitHubException)
        {
            return null;
        }
    }

    private static bool IsId(string workflow) => long.TryParse(workflow, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
