using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>A workflow as the API knows it: a number for one path in one repository.</summary>
internal sealed class Workflow
{
    public required long Id { get; init; }

    public required Repository Repository { get; init; }

    public required string Path { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string Name { get; set; } = "";

    /// <summary><c>active</c>, or <c>disabled_manually</c>: then nothing starts it.</summary>
    public string State { get; set; } = "active";

    /// <summary>The runs so far; the next one is numbered one higher.</summary>
    public int LastRun { get; set; }

    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>Reads the workflow files of a commit from git, whenever they are asked for.</summary>
internal sealed class WorkflowCatalog(World world)
{
    private const string Folder = ".github/workflows";
    private readonly ConcurrentDictionary<(long Repository, string Path), Workflow> byPath = new();
    private readonly ConcurrentDictionary<(long Repository, string Tree), ImmutableArray<WorkflowFile>> read = new();

    /// <summary>Those on the default branch.</summary>
    public async Task<IReadOnlyList<(Workflow Workflow, WorkflowFile File)>> ListAsync(Repository repository, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(repository, "refs/heads/" + repository.DefaultBranch, cancellationToken)).Select(file => (Of(repository, file), file))];

    /// <summary>By number or by file name, among those on the default branch.</summary>
    public async Task<Workflow?> FindAsync(Repository repository, string idOrFile, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(repository, cancellationToken);
        return long.TryParse(idOrFile, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? listed.Select(entry => entry.Workflow).FirstOrDefault(workflow => workflow.Id == id)
            : listed.Select(entry => entry.Workflow).FirstOrDefault(workflow => workflow.FileName == idOrFile || workflow.Path == idOrFile);
    }

    /// <summary>The files of one commit; none when there is no such commit or no such folder.</summary>
    public async Task<ImmutableArray<WorkflowFile>> ReadAsync(Repository repository, string commit, CancellationToken cancellationToken)
    {
        var reader = new GitReader(world.Git, repository.Folder);
        if (await reader.FirstAsync([$"{commit}:{Folder}"], cancellationToken) is not { Type: "tree" } tree)
        {
            return [];
        }

        if (read.TryGetValue((repository.Id, tree.Sha), out var known))
        {
            return known;
        }

        var files = ImmutableArray.CreateBuilder<WorkflowFile>();
        foreach (var entry in (await reader.TreeAsync(tree.Sha, recursive: false, cancellationToken)).Where(IsWorkflow))
        {
            files.Add(WorkflowReader.Read($"{Folder}/{entry.Path}", await reader.BlobAsync(entry.Sha, cancellationToken)));
        }

        return read[(repository.Id, tree.Sha)] = files.ToImmutable();
    }

    public Workflow Of(Repository repository, WorkflowFile file)
    {
        var workflow = byPath.GetOrAdd((repository.Id, file.Path), _ => new Workflow { Id = world.NextId(), Repository = repository, Path = file.Path, CreatedAt = world.Clock.Now });
        workflow.Name = file.Name;
        return workflow;
    }

    private static bool IsWorkflow(GitTreeEntry entry) =>
        entry.Type == "blob" && (entry.Path.EndsWith(".yml", StringComparison.Ordinal) || entry.Path.EndsWith(".yaml", StringComparison.Ordinal));
}
