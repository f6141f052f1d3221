using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>One commit status. They are never changed: a newer one of the same context takes its place.</summary>
internal sealed record CommitStatus(long Id, string Sha, string State, string Context, Account Creator, DateTimeOffset CreatedAt)
{
    public string? Description { get; init; }

    public string? TargetUrl { get; init; }
}

/// <summary>Commit statuses, the older of GitHub's two worlds of checks.</summary>
internal sealed class StatusStore(World world)
{
    /// <summary>Of one commit and context (OpenAPI: repos/create-commit-status).</summary>
    public const int Most = 1000;
    public static readonly IReadOnlyList<string> States = ["error", "failure", "pending", "success"];
    private readonly ConcurrentDictionary<(long Repository, string Sha), List<CommitStatus>> byCommit = new();
    private readonly CommitJson commits = new(world);

    /// <summary>Newest first; none at all under the switch <c>checks.noStatuses</c>.</summary>
    public IReadOnlyList<CommitStatus> Of(Repository repository, string sha)
    {
        if (world.Faults.Find("checks.noStatuses") is { } none && none.Concerns(repository))
        {
            return [];
        }

        lock (world.Acts)
        {
            return byCommit.TryGetValue((repository.Id, sha), out var found) ? [.. Enumerable.Reverse(found)] : [];
        }
    }

    /// <summary>Sets a status on a commit that is there, and tells it. Null: there are too many.</summary>
    public async Task<CommitStatus?> AddAsync(Repository repository, GitCommit commit, CommitStatus status, CancellationToken cancellationToken)
    {
        var branches = (await new GitReader(world.Git, repository.Folder).RefsAsync("refs/heads/", cancellationToken)).Where(branch => branch.Sha == commit.Sha).ToArray();
        lock (world.Acts)
        {
            var present = byCommit.GetOrAdd((repository.Id, commit.Sha), _ => []);
            if (present.Count(other => other.Context == status.Context) >= Most)
            {
                return null;
            }

            present.Add(status);
            world.Effects.Add("status", repository, new JsonObject { ["sha"] = status.Sha, ["context"] = status.Context, ["state"] = status.State, ["actor"] = status.Creator.Login });
            world.Deliveries.Events.ToAll(repository, "status", null, () => Payload(repository, commit, status, branches));
            return status;
        }
    }

    private JsonObject Payload(Repository repository, GitCommit commit, CommitStatus status, IEnumerable<GitRef> branches)
    {
        var payload = new JsonObject
        {
            ["id"] = status.Id,
            ["sha"] = status.Sha,
            ["name"] = repository.FullName,
            ["target_url"] = status.TargetUrl,
            ["avatar_url"] = world.Urls.Web($"/avatars/u/{status.Creator.Id}"),
            ["context"] = status.Context,
            ["description"] = status.Description,
            ["state"] = status.State,
            ["commit"] = commits.Full(repository, commit),
            ["branches"] = new JsonArray([.. branches.Select(branch => new JsonObject
            {
                ["name"] = branch.Name["refs/heads/".Length..],
                ["commit"] = new JsonObject { ["sha"] = branch.Sha, ["url"] = world.Urls.Api($"/repos/{repository.FullName}/commits/{branch.Sha}") },
                ["protected"] = false,
            })]),
            ["created_at"] = Wire.Time(status.CreatedAt),
            ["updated_at"] = Wire.Time(status.CreatedAt),
        };
        world.Deliveries.Events.AddRepository(payload, repository, status.Creator, push: false);
        return payload;
    }
}
