using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Xunit;

namespace Switchyard.Tests.Cli;

/// <summary><c>secret</c>, straight to GitHub.</summary>
public sealed class SecretCommandTests
{
    private const string Key = """{"key_id":"1","key":"hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs="}""";

    [Fact]
    public async Task A_value_of_standard_input_is_sealed_and_shown_nowhere()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/actions/secrets/public-key", Key).On("PUT /repos/acme/tests/actions/secrets/AZURE", "{}", 201);

        var outcome = await github.DriveAsync(github.Command(input: "hunter2\n").RunAsync("secret", "set", "AZURE", "--repo", "acme/tests", "--json"));

        Assert.Equal((ExitCode.Ok, true), (outcome.Code, (bool)outcome.OutJson["created"]!));
        Assert.DoesNotContain("hunter2", outcome.Out + outcome.Error + string.Concat(github.Server.Requests), StringComparison.Ordinal);

        // 7 bytes and the 48 of a sealed box: the line end is not part of it.
        Assert.Equal(55, Convert.FromBase64String(JsonNode.Parse(github.Writes.Single().Body)!["encrypted_value"]!.ToString()).Length);
    }

    [Fact]
    public async Task On_a_terminal_the_value_is_asked_for()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/environments/prod/secrets/public-key", Key).On("PUT /repos/acme/tests/environments/prod/secrets/A", "", 204);

        var outcome = await github.DriveAsync(github.Command(input: "typed\n", onTerminal: true).RunAsync("secret", "set", "A", "--repo", "acme/tests", "--env", "prod"));

        Assert.Equal(ExitCode.Ok, outcome.Code);
        Assert.Contains("Value of A (it is not shown): ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Replaced A of environment prod of acme/tests.", outcome.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", """{"key_id":"1","visibility":"private"}""")]
    [InlineData("--visibility all", """{"key_id":"1","visibility":"all"}""")]
    [InlineData("--visibility selected --repos tests,acme/tests", """{"key_id":"1","visibility":"selected","selected_repository_ids":[7,7]}""")]
    [InlineData("--repos tests", """{"key_id":"1","visibility":"selected","selected_repository_ids":[7]}""")]
    public async Task A_secret_of_an_organization_has_a_visibility(string options, string body)
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /orgs/acme/actions/secrets/public-key", Key).On("PUT /orgs/acme/actions/secrets/A", "{}", 201);

        var outcome = await github.DriveAsync(github.Command(input: "v").RunAsync(["secret", "set", "A", "--org", "acme", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

        Assert.Equal((ExitCode.Ok, "Created A of organization acme.\n"), (outcome.Code, outcome.Out));
        var sent = JsonNode.Parse(github.Writes.Single().Body)!.AsObject();
        sent.Remove("encrypted_value");
        Assert.Equal(body, sent.ToJsonString());
    }

    [Fact]
    public async Task Names_are_listed_and_removed()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/actions/secrets", """{"total_count":1,"secrets":[{"name":"A","created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-21T09:00:00Z"}]}""").On("DELETE /repos/acme/tests/actions/secrets/A", "", 204);

        Assert.Equal("A\t2026-11-21T09:00:00Z\t2026-11-20T09:00:00Z\t\n", (await github.RunAsync("secret", "list", "--repo", "acme/tests")).Out);
        Assert.Equal("""[{"name":"A"}]""", (await github.RunAsync("secret", "ls", "--repo", "acme/tests", "--json", "name")).OutJson.ToJsonString());
        Assert.Equal(ExitCode.Usage, (await github.RunAsync("secret", "remove", "A", "--repo", "acme/tests")).Code);
        Assert.Equal("Would remove A of acme/tests.\n", (await github.RunAsync("secret", "remove", "A", "--repo", "acme/tests", "--dry-run")).Out);
        Assert.Empty(github.Writes);
        Assert.Equal("Removed A of acme/tests.\n", (await github.RunAsync("secret", "remove", "A", "--repo", "acme/tests", "--yes")).Out);
        Assert.Equal(ExitCode.NotFound, (await github.RunAsync("secret", "remove", "B", "--repo", "acme/tests", "--yes")).Code);
    }

    [Theory]
    [InlineData("secret set A", "Say where the secret is")]
    [InlineData("secret set A --repo acme/tests --org acme", "Say where the secret is")]
    [InlineData("secret set A --org acme --env prod", "--env names an environment of a repository")]
    [InlineData("secret set A hunter2 --repo acme/tests", "hunter2")]
    [InlineData("secret set A --repo acme/tests --visibility all", "go with --org alone")]
    [InlineData("secret set A --org acme --visibility selected", "needs the repositories")]
    [InlineData("secret set A --org acme --visibility all --repos x", "goes with --visibility selected alone")]
    [InlineData("secret set A --org acme --visibility some", "all, private or selected")]
    public async Task A_wrong_line_is_refused_before_GitHub_is_asked(string line, string said)
    {
        var outcome = await new CommandRun { ["SWITCHYARD_GITHUB_TOKEN"] = "x", ["SWITCHYARD_API_URL"] = "http://127.0.0.1:1" }.RunAsync(line.Split(' '));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", "", "There is no value for A")]
    [InlineData("GITHUB_A", "v", "\"GITHUB_A\" cannot be the name of a secret")]
    public async Task A_value_or_name_that_cannot_be_is_a_usage_error(string name, string input, string said)
    {
        await using var github = await DirectGitHub.StartAsync();

        var outcome = await github.DriveAsync(github.Command(input: input).RunAsync("secret", "set", name, "--repo", "acme/tests"));

        Assert.Equal(ExitCode.Usage, outcome.Code);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(github.Writes);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        await using var github = await DirectGitHub.StartAsync();
        github.Server.On("GET /repos/acme/tests/actions/secrets/public-key", """{"message":"Resource not accessible by personal access token"}""", 403);

        var outcome = await github.DriveAsync(github.Command(input: "v").RunAsync("secret", "set", "A", "--repo", "acme/tests"));

        Assert.Equal(ExitCode.Authentication, outcome.Code);
        Assert.Contains("The token lacks *Secrets: write*", outcome.Error, StringComparison.Ordinal);
    }
}
