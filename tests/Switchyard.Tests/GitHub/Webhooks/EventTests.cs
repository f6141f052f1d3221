using System.Text;
using System.Text.Json;
using Switchyard.GitHub.Webhooks;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.GitHub.Webhooks;

public sealed class EventTests
{
    private static readonly Dictionary<string, Func<ReadOnlyMemory<byte>, RepositoryEvent?>> Readers = new(StringComparer.Ordinal)
    {
        ["push"] = PushEvent.Read,
        ["pull_request"] = PullRequestEvent.Read,
        ["release"] = ReleaseEvent.Read,
        ["check_run"] = CheckRunEvent.Read,
        ["check_suite"] = CheckSuiteEvent.Read,
        ["status"] = StatusEvent.Read,
        ["workflow_run"] = WorkflowRunEvent.Read,
        ["repository_dispatch"] = RepositoryDispatchEvent.Read,
        ["workflow_dispatch"] = WorkflowDispatchEvent.Read,
    };

    public static TheoryData<string> Kinds => [.. Readers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_recorded_payload_of_a_kind_gives_the_facts_that_a_document_gives(string kind)
    {
        var files = Directory.GetFiles(SharedFolder.Require($"github/payloads/{kind}"), "*.json");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var body = File.ReadAllBytes(file);
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;

            var read = Readers[kind](body)!;

            Assert.Equal(Text(root, "action"), read.Action);
            Assert.Equal(Number(root, "repository", "id"), read.RepositoryId);
            Assert.Equal(Text(root, "repository", "full_name"), read.RepositoryFullName);
            Assert.Equal(Text(root, "sender", "login"), read.SenderLogin);
            Assert.Equal(Number(root, "installation", "id"), read.InstallationId);
            Compare(root, read);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_JSON_object_is_read_and_anything_else_is_null(string kind)
    {
        var read = Readers[kind];

        Assert.Null(read(default));
        Assert.Null(read("{"u8.ToArray()));
        Assert.Null(read("[]"u8.ToArray()));
        Assert.Null(read("{}{}"u8.ToArray()));
        Assert.NotNull(read("\uFEFF{}"u8.ToArray()));
        Assert.NotNull(read(Nested(900)));
        Assert.Null(read(Nested(1_000_000)));
        foreach (var value in new[] { "null", "1", "-1e400", "\"\\ud800\"", "\"a\\u0000b\"", "[]", "[null,1,{}]", "{}", "{\"id\":1}", "{\"id\":\"x\",\"\\ud800\":1}", "true" })
        {
            foreach (var name in new[] { "action", "ref", "commits", "head_commit", "pusher", "repository", "sender", "installation", "pull_request", "release", "check_run", "check_suite", "workflow_run", "workflow", "inputs", "client_payload", "branches", "id", "sha", "number", "updated_at" })
            {
                Assert.NotNull(read(Encoding.UTF8.GetBytes($$"""{"{{name}}":{{value}}}""")));
            }
        }
    }

    [Fact]
    public void A_name_that_is_no_text_hides_none_of_its_neighbours() =>
        Assert.Equal("refs/heads/main", PushEvent.Read("""{"\ud800":1,"ref":"refs/heads/main","\ud801":2}"""u8.ToArray())!.Ref);

    [Fact]
    public void A_push_tells_its_time_as_seconds_or_as_text()
    {
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), PushEvent.Read("""{"repository":{"pushed_at":1700000000}}"""u8.ToArray())!.PushedAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), PushEvent.Read("""{"repository":{"pushed_at":"2023-11-14T22:13:20Z"}}"""u8.ToArray())!.PushedAt);
        Assert.Null(PushEvent.Read("""{"repository":{"pushed_at":true}}"""u8.ToArray())!.PushedAt);
    }

    [Fact]
    public void A_pull_request_without_a_head_repository_is_from_a_fork()
    {
        PullRequestEvent Read(string head) => PullRequestEvent.Read(Encoding.UTF8.GetBytes($$$"""{"pull_request":{"head":{{{head}}},"base":{"repo":{"id":1} } } }"""))!;

        Assert.True(Read("""{"repo":null}""").IsFromFork);
        Assert.True(Read("""{"repo":{"id":2,"fork":true}}""").IsFromFork);
        Assert.False(Read("""{"repo":{"id":1,"fork":true}}""").IsFromFork);
    }

    [Fact]
    public void The_echo_of_a_dispatch_gives_back_what_was_put_in()
    {
        var echo = RepositoryDispatchEvent.Read("""{"action":"model-changed","branch":"main","client_payload":{ "switchyard": {"dispatch":"d-1", "hop":1.0} }}"""u8.ToArray())!;
        var inputs = WorkflowDispatchEvent.Read("""{"ref":"refs/heads/main","workflow":".github/workflows/ci.yml","inputs":{"switchyard_id":"d-1","deep":{"x":1},"n":1.50,"yes":true,"none":null}}"""u8.ToArray())!;

        Assert.Equal(("model-changed", "{ \"switchyard\": {\"dispatch\":\"d-1\", \"hop\":1.0} }"), (echo.Action, Encoding.UTF8.GetString(echo.ClientPayload.Span)));
        Assert.Equal([("switchyard_id", "d-1"), ("n", "1.50"), ("yes", "true")], inputs.Inputs.Select(pair => (pair.Key, pair.Value)));
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes($$"""{"x":{{new string('[', depth)}}{{new string(']', depth)}}}""");

    private static void Compare(JsonElement root, RepositoryEvent read)
    {
        switch (read)
        {
            case PushEvent push:
                Assert.Equal((Text(root, "ref"), Text(root, "before"), Text(root, "after"), Text(root, "base_ref")), (push.Ref, push.Before, push.After, push.BaseRef));
                Assert.Equal(root.GetProperty("commits").GetArrayLength(), push.Commits.Count);
                Assert.Equal(root.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("modified").GetArrayLength()), push.Commits.Select(commit => commit.Modified.Count));
                Assert.Equal(Text(root, "head_commit", "id"), push.HeadCommit?.Id);
                Assert.Equal(Text(root, "head_commit", "author", "username"), push.HeadCommit?.AuthorLogin);
                Assert.NotNull(push.PushedAt);
                break;
            case PullRequestEvent pullRequest:
                Assert.Equal((Number(root, "pull_request", "number"), Text(root, "pull_request", "head", "sha"), Text(root, "pull_request", "base", "ref")), (pullRequest.Number, pullRequest.Head.Sha, pullRequest.Base.Ref));
                Assert.Equal(Number(root, "pull_request", "head", "repo", "id"), pullRequest.Head.RepositoryId);
                Assert.NotNull(pullRequest.UpdatedAt);
                Assert.NotNull(pullRequest.UserLogin);
                break;
            case ReleaseEvent release:
                Assert.Equal((Text(root, "release", "tag_name"), Number(root, "release", "id")), (release.TagName, release.ReleaseId));
                break;
            case CheckRunEvent check:
                Assert.Equal((Number(root, "check_run", "id"), Text(root, "check_run", "name"), Text(root, "check_run", "conclusion"), Number(root, "check_run", "app", "id")), (check.CheckRun!.Id, check.CheckRun.Name, check.CheckRun.Conclusion, check.CheckRun.App?.Id));
                break;
            case CheckSuiteEvent suite:
                Assert.Equal((Number(root, "check_suite", "id"), Text(root, "check_suite", "head_sha"), Text(root, "check_suite", "status")), (suite.CheckSuite!.Id, suite.CheckSuite.HeadSha, suite.CheckSuite.Status));
                break;
            case StatusEvent status:
                Assert.Equal((Text(root, "sha"), Text(root, "context"), Text(root, "state")), (status.Sha, status.Context, status.State));
                break;
            case WorkflowRunEvent run:
                Assert.Equal((Number(root, "workflow_run", "id"), Text(root, "workflow_run", "event"), Text(root, "workflow_run", "conclusion"), Number(root, "workflow_run", "workflow_id")), (run.Run!.Id, run.Run.Event, run.Run.Conclusion, run.Run.WorkflowId));
                Assert.Equal(Text(root, "workflow", "path"), run.WorkflowPath);
                break;
            case RepositoryDispatchEvent dispatch:
                Assert.Equal((Text(root, "branch"), root.GetProperty("client_payload").GetRawText()), (dispatch.Branch, Encoding.UTF8.GetString(dispatch.ClientPayload.Span)));
                break;
            case WorkflowDispatchEvent dispatch:
                Assert.Equal((Text(root, "workflow"), Text(root, "ref"), "Mona the Octocat"), (dispatch.Workflow, dispatch.Ref, dispatch.Inputs["name"]));
                break;
            default:
                Assert.Fail(read.GetType().Name);
                break;
        }
    }

    private static JsonElement? Find(JsonElement element, string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string? Text(JsonElement root, params string[] path) => Find(root, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Number(JsonElement root, params string[] path) => Find(root, path) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
