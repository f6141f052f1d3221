using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Rules;
using Switchyard.Server.Dispatches;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Workflow;

/// <summary>What a dry run looks at: the workflow files of the target, by which GitHub takes a start or refuses it. It only reads.</summary>
internal sealed class WorkflowLook(DirectRepository repository)
{
    private const string Folder = ".github/workflows/";

    /// <summary>Refuses what GitHub would refuse of the start of a workflow.</summary>
    public async Task RequireStartAsync(string workflow, string reference, IReadOnlyDictionary<string, string> inputs, CancellationToken cancellation)
    {
        var known = await repository.With("actions", "read").Actions.GetWorkflowAsync(repository.Owner, repository.Name, workflow, cancellation)
            ?? throw CommandProblem.NotFound(MissingWorkflow.Say(workflow, repository.DefaultBranch, repository.FullName, [.. (await ListAsync(cancellation)).Select(one => one.Path[Folder.Length..])]), Init);
        if (known.State is not null and not "active")
        {
            throw Refused($"{workflow} is switched off ({known.State}). Enable it on GitHub first.");
        }

        await RequireRefAsync(reference, cancellation);
        var file = await ReadAsync(known.Path ?? Folder + workflow, reference, cancellation) ?? throw Refused($"{known.Path} is on {repository.DefaultBranch}, and on {reference} it is not there or cannot be read as YAML.");
        if (file.Inputs is not { } declared)
        {
            throw Refused($"{workflow} has no `workflow_dispatch` trigger on {reference}: add `on: workflow_dispatch` to it.");
        }

        var wrong = inputs.Keys.Where(name => !declared.Contains(name, StringComparer.Ordinal))
            .Select(name => $"It has no input {name}.{(Nearest.Of(name, declared) is { } near ? $" Did you mean {near}?" : declared.Count == 0 ? " It has none." : $" There are {string.Join(", ", declared)}.")}")
            .Concat(file.Declared.Where(input => input is { Required: true, HasDefault: false } && !inputs.ContainsKey(input.Name) && input.Name != DispatchLimits.OwnInput).Select(input => $"It requires the input {input.Name}."))
            .Concat(file.Declared.Where(input => input.Options.Count > 0 && inputs.TryGetValue(input.Name, out var given) && !input.Options.Contains(given, StringComparer.Ordinal))
                .Select(input => $"Its input {input.Name} takes one of {string.Join(", ", input.Options)}."))
            .ToList();
        if (wrong.Count > 0)
        {
            throw Refused($"GitHub would refuse to start {workflow} on {reference}. {string.Join(' ', wrong)}");
        }
    }

    /// <summary>The workflow files that listen to a type of repository_dispatch.</summary>
    public async Task<IReadOnlyList<string>> ListenersAsync(string eventType, CancellationToken cancellation)
    {
        var listening = new List<string>();
        foreach (var (path, isOn) in await ListAsync(cancellation))
        {
            if (isOn && (await ReadAsync(path, repository.DefaultBranch, cancellation))?.ListensTo(eventType) == true)
            {
                listening.Add(path);
            }
        }

        return listening;
    }

    private static NextStep Init => new("Write a workflow that can be started", Command: "switchyard workflow init");

    private static CommandProblem Refused(string message) => new(ExitCode.Findings, "WouldBeRefused", message);

    private async Task<List<(string Path, bool IsOn)>> ListAsync(CancellationToken cancellation)
    {
        var found = new List<(string, bool)>();
        await foreach (var workflow in repository.With("actions", "read").Actions.ListWorkflowsAsync(repository.Owner, repository.Name, cancellation))
        {
            if (workflow.Path is { } path && path.StartsWith(Folder, StringComparison.Ordinal))
            {
                found.Add((path, workflow.State is null or "active"));
            }
        }

        return found;
    }

    private async Task<WorkflowFile?> ReadAsync(string path, string reference, CancellationToken cancellation) =>
        await repository.With("contents", "read").Files.GetContentAsync(repository.Owner, repository.Name, path, WorkflowStart.Short(reference), cancellation) is { } bytes ? WorkflowFile.Parse(bytes) : null;

    private async Task RequireRefAsync(string reference, CancellationToken cancellation)
    {
        var api = repository.With("contents", "read");
        foreach (var name in reference.StartsWith("refs/", StringComparison.Ordinal) ? [reference[5..]] : (string[])["heads/" + reference, "tags/" + reference])
        {
            if (await api.GetRefAsync(repository.Owner, repository.Name, name, cancellation) is not null)
            {
                return;
            }
        }

        throw CommandProblem.NotFound($"There is no branch or tag {reference} in {repository.FullName}.");
    }
}
