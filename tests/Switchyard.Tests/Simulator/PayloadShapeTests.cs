using System.Text.Json.Nodes;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Payloads of the simulator beside those that GitHub really sent: what all recorded ones have, ours have too, and nothing of our own invention.</summary>
public sealed class PayloadShapeTests
{
    private const string Control = WorkflowWorld.Control;

    /// <summary>Newer than the recordings, or named by GitHub's schema only.</summary>
    private static readonly string[] Newer =
    [
        "custom_properties", "has_discussions", "is_template", "web_commit_signoff_required", "topics", "visibility", "allow_forking", "fork", "client_id", "slug", "permissions",
        "description", "referenced_workflows", "user_view_type", "rebaseable", "active_lock_reason", "draft", "display_title", "path", "run_started_at", "triggering_actor", "previous_attempt_url", "actor", "disabled", "verified_at",
    ];

    /// <summary>What only some kinds of accounts, Apps or repositories have.</summary>
    private static readonly string[] Optional =
        ["installation", "organization", "deployment", "name", "email", "author_association", "merge_commit_sha", "maintainer_can_modify", "mentions_count", "reactions", "discussion_url", "enterprise"];

    [Fact]
    public async Task Payloads_have_the_members_of_recorded_ones()
    {
        var recorded = Path.Combine(SharedFolder.Require("github/payloads/index.json"), "..");
        await using var github = await WorkflowWorld.StartAsync();
        await ActAsync(github);

        var wrong = new List<string>();
        foreach (var delivery in github.Receiver.All.GroupBy(delivery => (delivery.Event, Action: delivery.Json["action"]?.ToString())).Select(same => same.First()))
        {
            var examples = Examples(recorded, delivery.Event);
            if (examples.Count == 0)
            {
                continue;
            }

            var ours = Members(delivery.Json);
            var always = examples.Select(Members).Aggregate((left, right) => [.. left.Intersect(right)]);
            var ever = examples.SelectMany(Members).ToHashSet(StringComparer.Ordinal);
            var empty = Empty(delivery.Json);
            wrong.AddRange(always.Except(ours).Where(path => !empty.Any(path.StartsWith) && !Optional.Contains(Last(path))).Select(path => $"{delivery.Event}: lacks {path}"));
            wrong.AddRange(ours.Except(ever).Where(path => ever.Any(known => Parent(path) == Parent(known)) && !Newer.Contains(Last(path)) && !Optional.Contains(Last(path))).Select(path => $"{delivery.Event}: invents {path}"));
        }

        Assert.Empty(wrong.Distinct().Order(StringComparer.Ordinal));
        Assert.Superset(
            new HashSet<string>(["push", "create", "repository_dispatch", "workflow_dispatch", "workflow_run", "workflow_job", "check_run", "check_suite", "status", "pull_request", "release", "delete"]),
            github.Receiver.All.Select(delivery => delivery.Event).ToHashSet(StringComparer.Ordinal));
    }

    private static async Task ActAsync(SimulatedGitHub github)
    {
        await github.DispatchAsync("upstream-changed", new JsonObject { ["a"] = 1 });
        await github.RunWorkflowAsync();
        await github.ControlAsync("POST", Control + "/pulls", new JsonObject { ["head"] = "x", ["files"] = new JsonObject { ["a"] = "1" }, ["labels"] = new JsonArray("bug") });
        await github.ControlAsync("POST", Control + "/pulls/1/label", new JsonObject { ["name"] = "go" });
        await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["sha"] = "x", ["name"] = "lint", ["app"] = "linter" });
        await github.ControlAsync("POST", Control + "/statuses", new JsonObject { ["state"] = "success" });
        await github.ControlAsync("POST", Control + "/releases", new JsonObject { ["tag"] = "v1" });
        await github.ControlAsync("PUT", Control + "/refs", new JsonObject { ["ref"] = "refs/heads/x" });
        await github.IdleAsync();
    }

    private static List<JsonNode> Examples(string folder, string name) => Directory.Exists(Path.Combine(folder, name))
        ? [.. Directory.EnumerateFiles(Path.Combine(folder, name), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!)]
        : [];

    /// <summary>Paths of all members; elements of lists count as one.</summary>
    private static HashSet<string> Members(JsonNode? node) => [.. Walk(node, "")];

    private static IEnumerable<string> Walk(JsonNode? node, string path) => node switch
    {
        // What senders put in is theirs, and the permissions of an App are a map.
        _ when path.EndsWith("/client_payload", StringComparison.Ordinal) || path.EndsWith("/inputs", StringComparison.Ordinal) || path.EndsWith("/permissions", StringComparison.Ordinal) => [],
        JsonObject map => map.SelectMany(pair => Walk(pair.Value, $"{path}/{pair.Key}").Prepend($"{path}/{pair.Key}")),
        JsonArray list => list.SelectMany(item => Walk(item, path + "/[]")).Distinct(),
        _ => [],
    };

    /// <summary>Where ours has nothing: an empty list or null has no members to compare.</summary>
    private static string[] Empty(JsonNode node) => [.. Nothing(node, "")];

    private static IEnumerable<string> Nothing(JsonNode? node, string path) => node switch
    {
        null or JsonArray { Count: 0 } => [path + "/"],
        JsonObject map => map.SelectMany(pair => Nothing(pair.Value, $"{path}/{pair.Key}")),
        JsonArray list => list.SelectMany(item => Nothing(item, path + "/[]")),
        _ => [],
    };

    private static string Last(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string Parent(string path) => path[..path.LastIndexOf('/')];
}
