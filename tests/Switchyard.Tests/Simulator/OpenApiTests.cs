using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Switchyard.Simulator.OpenApi;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_answer_has_the_shape_of_githubs_description()
    {
        await using var github = await SimulatedGitHub.StartAsync(SharedFolder.Require("github/openapi.json"), tokens: []);
        var first = await github.CommitAsync("Second", new JsonObject { ["b.txt"] = "b\n", ["README.md"] = null, ["link"] = new JsonObject { ["symlink"] = "b.txt" }, ["gone"] = new JsonObject { ["symlink"] = "nowhere" } });
        await github.ControlAsync("PUT", "/repositories/acme/models/refs", new JsonObject { ["ref"] = "refs/tags/v1", ["sha"] = await github.CommitAsync("Third", new JsonObject { ["c.txt"] = "c\n" }) });
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = "github_pat_1", ["owner"] = "acme" });
        var token = await github.TokenAsync(new JsonObject { ["repositories"] = new JsonArray("models"), ["permissions"] = new JsonObject { ["contents"] = "read", ["repository_hooks"] = "write" } });
        var id = (await github.ControlAsync("GET", "/repositories/acme/models"))["id"]!.ToString();
        await github.IdleAsync();

        foreach (var path in new[] { "/app", "/app/installations", $"/app/installations/{github.Installation}", "/app/hook/config", "/app/hook/deliveries", "/repos/acme/models/installation", "/orgs/acme/installation" })
        {
            Assert.Equal(200, (await github.AppAsync("GET", path)).Status);
        }

        var deliveries = await github.AppAsync("GET", "/app/hook/deliveries?per_page=1&status=success");
        Assert.Equal(200, (await github.AppAsync("GET", $"/app/hook/deliveries/{deliveries.Json[0]!["id"]}")).Status);
        Assert.Equal(202, (await github.AppAsync("POST", $"/app/hook/deliveries/{deliveries.Json[0]!["id"]}/attempts")).Status);
        Assert.Equal(200, (await github.AppAsync("PATCH", "/app/hook/config", new JsonObject { ["secret"] = "new", ["content_type"] = "json" })).Status);

        foreach (var path in new[]
        {
            "", "/branches", "/git/ref/heads/main", "/git/ref/tags/v1", "/git/matching-refs/heads", "/git/trees/main", "/git/trees/main?recursive=1",
            "/contents/", "/contents/data", "/contents/data/a.json", "/contents/link", "/contents/gone?ref=main", "/commits/main", "/commits/v1?per_page=1",
            "/compare/v1...main", $"/compare/{first}...main", $"/compare/main...{first}", "/hooks",
        })
        {
            var reply = await github.SendAsync("GET", "/repos/acme/models" + path, token);
            Assert.True(reply.Status == 200, $"{path}: {reply.Text}");
        }

        var tree = await github.SendAsync("GET", "/repos/acme/models/git/trees/main?recursive=1", token);
        var blob = tree.Json["tree"]!.AsArray().First(entry => entry!["type"]!.ToString() == "blob")!["sha"];
        Assert.Equal(200, (await github.SendAsync("GET", $"/repos/acme/models/git/blobs/{blob}", token)).Status);
        Assert.Equal("c\n", (await github.SendAsync("GET", "/repos/acme/models/contents/c.txt", token, null, ("Accept", "application/vnd.github.raw+json"))).Text);
        foreach (var path in new[] { "data", "c.txt" })
        {
            Assert.Equal(200, (await github.SendAsync("GET", "/repos/acme/models/contents/" + path, token, null, ("Accept", "application/vnd.github.object+json"))).Status);
        }

        Assert.Equal(200, (await github.SendAsync("GET", $"/repositories/{id}", token)).Status);
        var hook = await github.SendAsync("POST", "/repos/acme/models/hooks", token, new JsonObject { ["config"] = new JsonObject { ["url"] = github.Receiver.Url.ToString(), ["content_type"] = "json", ["secret"] = "s" }, ["events"] = new JsonArray("push"), ["active"] = true });
        Assert.Equal(201, hook.Status);
        Assert.Equal(204, (await github.SendAsync("POST", $"/repos/acme/models/hooks/{hook.Json["id"]}/pings", token)).Status);
        Assert.Equal(422, (await github.SendAsync("POST", "/repos/acme/models/hooks", token, new JsonObject { ["config"] = new JsonObject() })).Status);
        await github.IdleAsync();
        Assert.Equal(200, (await github.SendAsync("GET", $"/repos/acme/models/hooks/{hook.Json["id"]}/deliveries", token)).Status);

        foreach (var path in new[] { "/installation/repositories?per_page=100", "/rate_limit", "/meta" })
        {
            Assert.Equal(200, (await github.SendAsync("GET", path, token)).Status);
        }

        Assert.Equal(200, (await github.SendAsync("GET", "/user", "github_pat_1")).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/absent", token)).Status);
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/models/compare/0000000000000000000000000000000000000000...main", token)).Status);
        Assert.Equal(422, (await github.SendAsync("GET", "/repos/acme/models/commits/0000000000000000000000000000000000000000", token)).Status);
        Assert.Equal(401, (await github.SendAsync("GET", "/app", "nonsense")).Status);
        await github.ControlAsync("POST", "/repositories/acme/models/rename", new JsonObject { ["name"] = "renamed" });
        Assert.Equal(301, (await github.SendAsync("GET", "/repos/acme/models", token)).Status);
        Assert.Equal(204, (await github.SendAsync("DELETE", "/installation/token", token)).Status);
        Assert.Equal(204, (await github.AppAsync("PUT", $"/app/installations/{github.Installation}/suspended")).Status);
        Assert.Equal(200, (await github.AppAsync("GET", "/app/installations")).Status);
        Assert.Equal(403, (await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens")).Status);
        Assert.Equal(204, (await github.AppAsync("DELETE", $"/app/installations/{github.Installation}")).Status);
        Assert.Equal(404, (await github.AppAsync("GET", $"/app/installations/{github.Installation}")).Status);

        Assert.Empty(github.Host.Violations);
        Assert.Empty(github.Host.UnknownOperations);
        Assert.Null(github.Host.OpenApiSkipped);
    }

    [Fact]
    public async Task A_wrong_request_is_reported_with_operation_and_place()
    {
        await using var github = await SimulatedGitHub.StartAsync(SharedFolder.Require("github/openapi.json"));
        await github.AppAsync("GET", "/app/hook/deliveries?page=2&per_page=x");
        await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens", new JsonObject { ["repository_ids"] = new JsonArray("one"), ["permission"] = "read" });
        await github.AppAsync("DELETE", $"/app/installations/{github.Installation}/suspended");
        await github.AppAsync("GET", "/app/nothing");

        var found = github.Host.Violations.Select(violation => $"{violation.Operation} {violation.Where}").ToArray();
        Assert.Contains("GET /app/hook/deliveries query/page", found);
        Assert.Contains("GET /app/hook/deliveries query/per_page", found);
        Assert.Contains("POST /app/installations/{installation_id}/access_tokens /repository_ids/0", found);
        Assert.Contains("POST /app/installations/{installation_id}/access_tokens /permission", found);
        Assert.All(github.Host.Violations, violation => Assert.Equal("request", violation.Part));
        Assert.Equal(["DELETE /app/installations/{installation_id}/suspended", "GET /app/nothing (not simulated)"], github.Host.UnknownOperations);
    }

    [Fact]
    public async Task A_missing_file_is_reported_as_a_skip()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { OpenApiFile = "/nowhere/openapi.json" });

        Assert.Contains("/nowhere/openapi.json", simulator.OpenApiSkipped, StringComparison.Ordinal);
        Assert.Empty(simulator.Violations);
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "1.5", "integer")]
    [InlineData("""{"type":"integer"}""", "15", null)]
    [InlineData("""{"type":"string","nullable":true}""", "null", null)]
    [InlineData("""{"type":"string"}""", "null", "null")]
    [InlineData("""{"type":"string","enum":["a","b"]}""", "\"c\"", "none of")]
    [InlineData("""{"type":"string","pattern":"^v\\d+$"}""", "\"x1\"", "match")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"yesterday\"", "date")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2026-08-01T12:00:00Z\"", null)]
    [InlineData("""{"type":"number","minimum":1,"maximum":2}""", "3", "range")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "few")]
    [InlineData("""{"type":"array","items":{"type":"string"},"maxItems":1}""", """["a","b"]""", "many")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """["a",1]""", "string")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "{}", "required")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""", """{"b":1}""", "name")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":true}""", """{"b":1}""", null)]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""", """{"b":1}""", "string")]
    [InlineData("""{"type":"object"}""", """{"b":1}""", null)]
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"object","properties":{"b":{"type":"string"}}}]}""", """{"a":"","b":""}""", null)]
    [InlineData("""{"allOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"object","properties":{"b":{"type":"string"}}}]}""", """{"a":"","c":""}""", "name")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"object","properties":{"a":{"type":"string"}}}]}""", """{"a":""}""", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"object","properties":{"a":{"type":"string"}}}]}""", """{"c":""}""", "name")]
    [InlineData("""{"$ref":"#/components/schemas/Node"}""", """{"next":{"next":null}}""", null)]
    [InlineData("""{"$ref":"#/components/schemas/Node"}""", """{"next":{"other":null}}""", "name")]
    public void A_value_is_held_against_its_schema(string schema, string value, string? complaint)
    {
        using var root = JsonDocument.Parse("""{"components":{"schemas":{"Node":{"type":"object","nullable":true,"properties":{"next":{"$ref":"#/components/schemas/Node"}}}}}}""");
        using var wanted = JsonDocument.Parse(schema);
        using var given = JsonDocument.Parse(value);

        var errors = SchemaValidator.Validate(new SchemaCompiler(root.RootElement).Compile(wanted.RootElement), given.RootElement);

        if (complaint is null)
        {
            Assert.Empty(errors);
        }
        else
        {
            Assert.Contains(errors, error => error.Message.Contains(complaint, StringComparison.Ordinal));
        }
    }
}
