using System.Text.Json;
using System.Text.RegularExpressions;
using Switchyard.GitHub;
using Switchyard.GitHub.Rest;
using Switchyard.Simulator.OpenApi;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Rest;

/// <summary>What the client sends, held against GitHub's own description.</summary>
public sealed class ContractTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task Every_call_is_one_that_GitHub_describes()
    {
        var description = new Description(SharedFolder.Require("github/openapi.json"));
        var gitHub = new ScriptedGitHub(time) { Answer = Answer };
        using var connection = GitHubConnection.ForToken(GitHubHost.DotCom, "github_pat_x", gitHub.Options());

        await CallAllAsync(connection.Token());

        Assert.Equal(32, gitHub.Calls.Select(asked => Template(asked)).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(gitHub.Calls.SelectMany(asked => Problems(description, asked)));
    }

    private static async Task CallAllAsync(InstallationApi api)
    {
        const string Owner = "acme";
        const string Name = "models";
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" };
        await api.Actions.DispatchRepositoryAsync(Owner, Name, "x", """{"a":1}"""u8.ToArray());
        await api.Actions.DispatchWorkflowAsync(Owner, Name, "ci.yml", "main", inputs);
        await api.Actions.GetWorkflowAsync(Owner, Name, "ci.yml");
        await api.Actions.ListWorkflowsAsync(Owner, Name).ToListAsync();
        await api.Actions.ListRunsAsync(Owner, Name, new RunQuery { Event = "push", Branch = "main", Actor = "ann", Status = "queued", CreatedSince = DateTimeOffset.UnixEpoch, HeadSha = "a" }).ToListAsync();
        await api.Actions.ListRunsAsync(Owner, Name, new RunQuery { Workflow = "ci.yml", Event = "push", Branch = "main", Actor = "ann", Status = "queued", CreatedSince = DateTimeOffset.UnixEpoch, HeadSha = "a" }).ToListAsync();
        await api.Actions.GetRunAsync(Owner, Name, 1);
        await api.Actions.ListJobsAsync(Owner, Name, 1).ToListAsync();
        await api.Actions.CancelRunAsync(Owner, Name, 1);
        await api.Actions.RerunAsync(Owner, Name, 1, failedOnly: false);
        await api.Actions.RerunAsync(Owner, Name, 1, failedOnly: true);

        await api.Checks.ListCheckRunsAsync(Owner, Name, "main", latestOnly: false).ToListAsync();
        await api.Checks.FindCheckRunAsync(Owner, Name, "main", "x", "y");
        await api.Checks.ListCheckSuitesAsync(Owner, Name, "main").ToListAsync();
        await api.Checks.GetCombinedStatusAsync(Owner, Name, "main");
        var draft = new CheckRunDraft
        {
            Name = "n",
            HeadSha = "a",
            Status = "completed",
            Conclusion = "success",
            DetailsUrl = "https://x.test",
            ExternalId = "e",
            StartedAt = DateTimeOffset.UnixEpoch,
            CompletedAt = DateTimeOffset.UnixEpoch,
            Title = "t",
            Summary = "s",
            Text = "x",
            Annotations = [.. Enumerable.Repeat(new CheckAnnotation("p", 1, 1, "warning", "m") { StartColumn = 1, EndColumn = 2, Title = "t", RawDetails = "r" }, 51)],
        };
        await api.Checks.CreateCheckRunAsync(Owner, Name, draft);
        await api.Checks.CreateCheckRunAsync(Owner, Name, new CheckRunDraft { Name = "n", HeadSha = "a" });
        await api.Checks.UpdateCheckRunAsync(Owner, Name, 1, draft);
        await api.Checks.UpdateCheckRunAsync(Owner, Name, 1, new CheckRunDraft { Status = "in_progress", Title = "t" });

        await api.PullRequests.GetAsync(Owner, Name, 1);
        await api.PullRequests.ListFilesAsync(Owner, Name, 1).ToListAsync();
        await api.PullRequests.ListForCommitAsync(Owner, Name, "a").ToListAsync();
        await api.PullRequests.CreateAsync(Owner, Name, new PullRequestDraft("t", "h", "main") { Body = "b" });

        await api.Files.GetContentAsync(Owner, Name, "a/b", "main");
        await api.Files.GetCommitAsync(Owner, Name, "main");
        await api.Files.CompareFilesAsync(Owner, Name, "a", "b");
        await api.Files.CreateRefAsync(Owner, Name, "refs/heads/x", "a");
        await api.Files.PutFileAsync(Owner, Name, new FileDraft("x", "y"u8.ToArray(), "m", "main", "a"));

        await api.Secrets.SetAsync(SecretPlace.Repository(Owner, Name), "A", "v"u8.ToArray());
        await api.Secrets.SetAsync(SecretPlace.Environment(Owner, Name, "e"), "A", "v"u8.ToArray());
        await api.Secrets.SetAsync(SecretPlace.Organization(Owner), "A", "v"u8.ToArray(), SecretVisibility.Selected([1]));
        await api.Secrets.RemoveAsync(SecretPlace.Repository(Owner, Name), "A");
    }

    private static HttpResponseMessage Answer(ScriptedGitHub.Asked asked) => asked.Url.AbsolutePath switch
    {
        var path when path.EndsWith("/public-key", StringComparison.Ordinal) => ScriptedGitHub.Json(200, """{"key_id":"1","key":"hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs="}"""),
        var path when path.EndsWith("/files", StringComparison.Ordinal) || (asked.Method == "GET" && path.EndsWith("/pulls", StringComparison.Ordinal)) => ScriptedGitHub.Json(200, "[]"),
        _ => ScriptedGitHub.Json(200, """{"id":1,"commit":{"sha":"a"},"sha":"a"}"""),
    };

    private static IEnumerable<string> Problems(Description description, ScriptedGitHub.Asked asked)
    {
        var name = Template(asked);
        if (description.Find(asked.Method, name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..]) is not { } operation)
        {
            return [$"{name} is not described"];
        }

        var query = asked.Url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]);
        var unknown = query.Where(key => operation.Parameters.All(parameter => parameter.In != "query" || parameter.Name != key)).Select(key => $"{name}: no parameter {key}");
        if (string.IsNullOrEmpty(asked.Body))
        {
            return operation.BodyRequired ? unknown.Append($"{name}: a body is required") : unknown;
        }

        using var body = JsonDocument.Parse(asked.Body);
        return [.. unknown, .. operation.Body is null ? [$"{name}: takes no body"] : SchemaValidator.Validate(operation.Body, body.RootElement).Select(error => $"{name}: {error.Pointer} {error.Message}")];
    }

    /// <summary>The path with GitHub's names for what varies.</summary>
    private static string Template(ScriptedGitHub.Asked asked)
    {
        var path = asked.Url.AbsolutePath;
        foreach (var (pattern, replacement) in Names)
        {
            path = Regex.Replace(path, pattern, replacement, RegexOptions.None, TimeSpan.FromSeconds(1));
        }

        return $"{asked.Method} {path}";
    }

    private static readonly (string Pattern, string Replacement)[] Names =
    [
        ("^/repos/acme/models", "/repos/{owner}/{repo}"),
        ("^/orgs/acme", "/orgs/{org}"),
        ("/workflows/[^/]+", "/workflows/{workflow_id}"),
        ("/runs/\\d+", "/runs/{run_id}"),
        ("check-runs/\\d+", "check-runs/{check_run_id}"),
        ("/commits/[^/]+/pulls", "/commits/{commit_sha}/pulls"),
        ("/commits/(main|a)(?=$|/)", "/commits/{ref}"),
        ("/pulls/\\d+", "/pulls/{pull_number}"),
        ("/contents/.+", "/contents/{path}"),
        ("/compare/.+", "/compare/{basehead}"),
        ("/environments/[^/]+", "/environments/{environment_name}"),
        ("/secrets/A$", "/secrets/{secret_name}"),
    ];
}
