using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>Pull requests by repository and number.</summary>
internal sealed class PullStore(World world)
{
    private readonly ConcurrentDictionary<long, List<PullRequest>> byRepository = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PullRequest> Of(Repository repository)
    {
        lock (world.Acts)
        {
            return byRepository.TryGetValue(repository.Id, out var found) ? [.. Enumerable.Reverse(found)] : [];
        }
    }

    public PullRequest? Find(Repository repository, long number) => Of(repository).FirstOrDefault(pull => pull.Number == number);

    /// <summary>The open ones with this head, as check events list them: those from forks are left out (OpenAPI: check-suite).</summary>
    public JsonArray Minimal(Repository repository, string sha) =>
        new([.. Of(repository).Where(pull => pull is { Open: true, FromFork: false } && pull.HeadSha == sha).Select(Minimal)]);

    private JsonNode Minimal(PullRequest pull) => new JsonObject
    {
        ["id"] = pull.Id,
        ["number"] = pull.Number,
        ["url"] = world.Urls.Api($"/repos/{pull.Base.FullName}/pulls/{pull.Number}"),
        ["head"] = new JsonObject { ["ref"] = pull.HeadBranch, ["sha"] = pull.HeadSha, ["repo"] = Brief(pull.Head) },
        ["base"] = new JsonObject { ["ref"] = pull.BaseBranch, ["sha"] = pull.BaseSha, ["repo"] = Brief(pull.Base) },
    };

    private JsonObject Brief(Repository repository) => new()
    {
        ["id"] = repository.Id,
        ["url"] = world.Urls.Api($"/repos/{repository.FullName}"),
        ["name"] = repository.Name,
    };
}
