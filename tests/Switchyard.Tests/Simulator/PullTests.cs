using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Pull requests from branches and forks, over REST and by the control API.</summary>
public sealed class PullTests
{
    private const string Tests = WorkflowWorld.Tests;
    private const string Control = WorkflowWorld.Control;

    [Fact]
    public async Task A_pull_request_from_a_branch_lives_its_life_in_deliveries()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["pull_request"]);
        await github.ControlAsync("POST", Control + "/pulls", new JsonObject { ["head"] = "feature/x", ["files"] = new JsonObject { ["a.txt"] = "1\n" }, ["title"] = "Add a", ["author"] = "alice", ["draft"] = true, ["labels"] = new JsonArray("bug") });
        foreach (var (verb, body) in new (string, JsonObject?)[]
        {
            ("ready", null), ("label", new JsonObject { ["name"] = "go" }), ("commits", new JsonObject { ["files"] = new JsonObject { ["b.txt"] = "2\n" }, ["message"] = "More", ["sender"] = "bob" }),
            ("close", null), ("reopen", null), ("unlabel", new JsonObject { ["name"] = "go" }), ("draft", null), ("merge", null),
        })
        {
            await github.ControlAsync("POST", $"{Control}/pulls/1/{verb}", body ?? []);
        }

        Assert.Equal(["opened", "ready_for_review", "labeled", "synchronize", "closed", "reopened", "unlabeled", "converted_to_draft", "closed"], (await github.HeardAsync()).Select(heard => heard.Split('.')[1]));
        var told = github.Receiver.All.Select(delivery => delivery.Json).ToArray();
        var opened = told[0]["pull_request"]!;
        Assert.Equal((1, "alice", true, "acme:feature/x", "main"), (told[0]["number"]!.GetValue<int>(), opened["user"]!["login"]!.ToString(), opened["draft"]!.GetValue<bool>(), opened["head"]!["label"]!.ToString(), opened["base"]!["ref"]!.ToString()));
        Assert.Equal((1, 1, "bug"), (opened["commits"]!.GetValue<int>(), opened["changed_files"]!.GetValue<int>(), opened["labels"]![0]!["name"]!.ToString()));
        Assert.Equal((opened["head"]!["sha"]!.ToString(), "bob"), (told[3]["before"]!.ToString(), told[3]["sender"]!["login"]!.ToString()));
        Assert.Equal(told[3]["after"]!.ToString(), told[3]["pull_request"]!["head"]!["sha"]!.ToString());
        Assert.Equal("go", told[2]["label"]!["name"]!.ToString());
        Assert.Equal((false, true), (told[4]["pull_request"]!["merged"]!.GetValue<bool>(), told[8]["pull_request"]!["merged"]!.GetValue<bool>()));
        var head = (await github.GetAsync(Tests + "/git/ref/heads/main"))["object"]!["sha"]!.ToString();
        Assert.Equal(head, told[8]["pull_request"]!["merge_commit_sha"]!.ToString());
    }

    [Fact]
    public async Task An_app_opens_a_pull_request_with_a_file_it_wrote()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["pull_request", "push", "create"]);
        var token = await github.TokenAsync();
        var main = (await github.GetAsync(Tests + "/git/ref/heads/main"))["object"]!["sha"]!.ToString();
        Task<Reply> RefAsync(string name, string sha) => github.SendAsync("POST", Tests + "/git/refs", token, new JsonObject { ["ref"] = name, ["sha"] = sha });
        Task<Reply> OpenAsync(string head, string target) => github.SendAsync("POST", Tests + "/pulls", token, new JsonObject { ["title"] = "Add", ["head"] = head, ["base"] = target });

        Assert.Equal(201, (await RefAsync("refs/heads/switchyard/start", main)).Status);
        Assert.Equal("Reference already exists", (await RefAsync("refs/heads/switchyard/start", main)).Message);
        Assert.Equal("Object does not exist", (await RefAsync("refs/heads/y", new string('a', 40))).Message);
        Assert.Equal(422, (await RefAsync("y", main)).Status);
        Assert.Equal("No commits between main and switchyard/start", (await OpenAsync("switchyard/start", "main")).Json["errors"]![0]!["message"]!.ToString());
        var put = await github.SendAsync("PUT", Tests + "/contents/.github/workflows/new.yml", token, new JsonObject { ["message"] = "Add a workflow", ["content"] = Convert.ToBase64String("on: push\n"u8), ["branch"] = "switchyard/start" });
        Assert.Equal((201, ".github/workflows/new.yml"), (put.Status, put.Json["content"]!["path"]!.ToString()));

        var opened = await OpenAsync("acme:switchyard/start", "main");
        Assert.Equal((201, put.Json["commit"]!["sha"]!.ToString(), "tests[bot]"), (opened.Status, opened.Json["head"]!["sha"]!.ToString(), opened.Json["user"]!["login"]!.ToString()));
        Assert.Equal("A pull request already exists for acme:switchyard/start.", (await OpenAsync("switchyard/start", "main")).Json["errors"]![0]!["message"]!.ToString());
        Assert.Equal("head", (await OpenAsync("absent", "main")).Json["errors"]![0]!["field"]!.ToString());
        Assert.Equal("base", (await OpenAsync("main", "absent")).Json["errors"]![0]!["field"]!.ToString());
        Assert.Equal("missing_field", (await github.SendAsync("POST", Tests + "/pulls", token, new JsonObject { ["head"] = "a", ["base"] = "main" })).Json["errors"]![0]!["code"]!.ToString());
        Assert.Equal([".github/workflows/new.yml"], (await github.GetAsync(Tests + "/pulls/1/files")).AsArray().Select(file => file!["filename"]!.ToString()));
        Assert.Equal(["push", "create", "push", "pull_request.opened"], await github.HeardAsync());
        Assert.Equal(["ref", "commit", "pull_request"], (await github.EffectsAsync("ref,commit,pull_request")).Select(effect => effect!["kind"]!.ToString()));
    }

    [Fact]
    public async Task A_file_is_only_replaced_by_who_knows_what_it_was()
    {
        await using var github = await WorkflowWorld.StartAsync();
        var token = await github.TokenAsync();
        Task<Reply> PutAsync(string path, string? sha, string branch = "main")
        {
            var body = new JsonObject { ["message"] = "m", ["content"] = Convert.ToBase64String("x\n"u8), ["branch"] = branch };
            if (sha is not null)
            {
                body["sha"] = sha;
            }

            return github.SendAsync("PUT", $"{Tests}/contents/{path}", token, body);
        }

        var present = (await github.GetAsync(Tests + "/contents/README.md"))["sha"]!.ToString();

        Assert.Equal(422, (await PutAsync("README.md", null)).Status);
        Assert.Equal((409, $"README.md does not match {new string('a', 40)}"), await StateAsync(PutAsync("README.md", new string('a', 40))));
        Assert.Equal(200, (await PutAsync("README.md", present)).Status);
        Assert.Equal(409, (await PutAsync("README.md", present)).Status);
        Assert.Equal((404, "Branch absent not found"), await StateAsync(PutAsync("new.md", null, "absent")));
        Assert.Equal("x\n", (await github.SendAsync("GET", Tests + "/contents/README.md", token, null, ("Accept", "application/vnd.github.raw+json"))).Text);
        Assert.Single(await github.EffectsAsync("commit"));

        await github.FaultAsync("permissions.withhold", new JsonObject { ["name"] = "workflows" });
        var refused = await PutAsync(".github/workflows/x.yml", null);
        Assert.Equal((403, "contents=write; contents=write,workflows=write"), (refused.Status, refused.Header("X-Accepted-GitHub-Permissions")));
    }

    [Fact]
    public async Task A_fork_has_commits_of_its_own_that_the_base_can_fetch()
    {
        await using var github = await WorkflowWorld.StartAsync(new JsonObject { [".github/workflows/ci.yml"] = "name: CI\non: [pull_request]\njobs: { build: { runs-on: x } }\n" });
        await github.ControlAsync("POST", Control + "/fork", new JsonObject { ["owner"] = "mallory" });
        var pull = await github.ControlAsync("POST", Control + "/pulls", new JsonObject { ["head"] = "mallory:main", ["files"] = new JsonObject { ["evil.txt"] = "1\n" }, ["title"] = "Free money", ["author"] = "mallory" });
        var sha = pull["sha"]!.ToString();
        await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["sha"] = sha, ["name"] = "lint", ["app"] = "linter" });
        await github.IdleAsync();

        var opened = github.Receiver.Of("pull_request")[0].Json["pull_request"]!;
        Assert.Equal(("mallory:main", "mallory/the-tests", true), (opened["head"]!["label"]!.ToString(), opened["head"]!["repo"]!["full_name"]!.ToString(), opened["head"]!["repo"]!["fork"]!.GetValue<bool>()));
        Assert.DoesNotContain("push", github.Receiver.All.Select(delivery => delivery.Event));
        var run = github.Receiver.Of("workflow_run")[0].Json["workflow_run"]!;
        Assert.Equal(("pull_request", "main", "mallory/the-tests", "Free money"), (run["event"]!.ToString(), run["head_branch"]!.ToString(), run["head_repository"]!["full_name"]!.ToString(), run["display_title"]!.ToString()));
        Assert.Empty(run["pull_requests"]!.AsArray());
        foreach (var suite in github.Receiver.Of("check_suite").Select(delivery => delivery.Json["check_suite"]!))
        {
            Assert.Equal((sha, null, 0), (suite["head_sha"]!.ToString(), suite["head_branch"], suite["pull_requests"]!.AsArray().Count));
        }

        var found = (await github.GetAsync($"{Tests}/commits/{sha}/pulls")).AsArray();
        Assert.Equal((1, true), (Assert.Single(found)!["number"]!.GetValue<int>(), found[0]!["head"]!["repo"]!["fork"]!.GetValue<bool>()));
        var work = github.Folder("work");
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/the-tests", await github.TokenAsync()), work);
        await github.GitOkAsync(work, "fetch", "--quiet", "origin", "refs/pull/1/head");
        Assert.Contains(sha, await github.GitOkAsync(work, "rev-parse", "FETCH_HEAD"), StringComparison.Ordinal);
        await github.ControlAsync("POST", $"{Control}/pulls/1/commits", new JsonObject { ["files"] = new JsonObject { ["more.txt"] = "2\n" } });
        Assert.Equal(2, (await github.GetAsync(Tests + "/actions/runs?event=pull_request"))["total_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Checks_of_a_branch_name_its_pull_request_and_lists_are_filtered()
    {
        await using var github = await WorkflowWorld.StartAsync();
        foreach (var branch in new[] { "a", "b", "c" })
        {
            await github.ControlAsync("POST", Control + "/pulls", new JsonObject { ["head"] = branch, ["files"] = new JsonObject { [branch] = "1\n" }, ["title"] = branch });
        }

        await github.ControlAsync("POST", $"{Control}/pulls/2/close");
        await github.ControlAsync("PUT", Control + "/refs", new JsonObject { ["ref"] = "refs/heads/c" });
        foreach (var (query, numbers) in new[] { ("", "1"), ("?state=all", "3,2,1"), ("?state=closed", "3,2"), ("?state=all&head=acme:b", "2"), ("?state=all&direction=asc", "1,2,3"), ("?base=other", "") })
        {
            Assert.Equal(numbers, string.Join(',', (await github.GetAsync(Tests + "/pulls" + query)).AsArray().Select(pull => pull!["number"]!.ToString())));
        }

        await github.ControlAsync("POST", Control + "/checks", new JsonObject { ["sha"] = "a", ["name"] = "lint", ["app"] = "linter" });
        var check = (await github.GetAsync(Tests + "/commits/a/check-runs"))["check_runs"]![0]!;
        Assert.Equal((1, "a"), (check["pull_requests"]![0]!["number"]!.GetValue<int>(), check["pull_requests"]![0]!["head"]!["ref"]!.ToString()));
        Assert.Equal(404, (await github.SendAsync("GET", Tests + "/pulls/9", await github.TokenAsync())).Status);
    }

    [Fact]
    public async Task Required_checks_of_a_branch_come_from_rulesets_and_from_its_protection()
    {
        await using var github = await WorkflowWorld.StartAsync();
        Assert.Empty((await github.GetAsync(Tests + "/rules/branches/main")).AsArray());
        Assert.Equal(404, (await github.SendAsync("GET", Tests + "/branches/main/protection/required_status_checks", await github.TokenAsync())).Status);
        await github.ControlAsync("POST", Control + "/required", new JsonObject { ["checks"] = new JsonArray("build", "test") });
        await github.ControlAsync("POST", Control + "/required", new JsonObject { ["branch"] = "release/1", ["checks"] = new JsonArray("lint"), ["byRuleset"] = false });

        var rule = Assert.Single((await github.GetAsync(Tests + "/rules/branches/main")).AsArray())!;
        Assert.Equal(["build", "test"], rule["parameters"]!["required_status_checks"]!.AsArray().Select(check => check!["context"]!.ToString()));
        Assert.Equal("lint", (await github.GetAsync(Tests + "/branches/release%2F1/protection/required_status_checks"))["contexts"]![0]!.ToString());
    }

    [Fact]
    public async Task A_release_pushes_its_tag_and_is_told()
    {
        await using var github = await WorkflowWorld.StartAsync(events: ["release", "push", "create"]);
        await github.ControlAsync("POST", Control + "/releases", new JsonObject { ["tag"] = "v1.0", ["name"] = "One" });
        await github.ControlAsync("POST", Control + "/releases", new JsonObject { ["tag"] = "v1.1", ["prerelease"] = true, ["sender"] = "alice" });
        await github.ControlAsync("POST", Control + "/releases", new JsonObject { ["tag"] = "v2", ["draft"] = true });

        Assert.Equal(
            ["push", "create", "release.created", "release.published", "release.released", "push", "create", "release.created", "release.published", "release.prereleased", "release.created"],
            await github.HeardAsync());
        var release = github.Receiver.Of("release")[1].Json["release"]!;
        Assert.Equal(("v1.0", "One", "main"), (release["tag_name"]!.ToString(), release["name"]!.ToString(), release["target_commitish"]!.ToString()));
    }

    private static async Task<(int Status, string Message)> StateAsync(Task<Reply> reply) => ((await reply).Status, (await reply).Message);
}
