using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Switchyard.Cli.Output;
using Switchyard.Simulator;
using Switchyard.Tests.Cli;
using Switchyard.Tests.Server.Syncs;
using Xunit;

namespace Switchyard.Tests.Server.Repositories;

/// <summary>Two providers that both have acme/models: nothing is guessed, and either can be named.</summary>
public sealed class AmbiguityTests
{
    public static TheoryData<string> Databases => ServerFixture.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_name_that_two_providers_have_is_refused_until_one_is_named(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));
        await using var other = await StartOtherAsync(hub);

        using var refused = await hub.Server.Http.GetAsync("/api/v1/repositories/by-name/acme/models");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("Ambiguous", "by-hand,ghes"), (Hub.Text(problem, "code"), string.Join(',', problem.GetProperty("candidates").EnumerateArray().Select(item => Hub.Text(item, "provider")))));
        Assert.Equal(["switchyard repo view acme/models --provider by-hand", "switchyard repo view acme/models --provider ghes"], problem.GetProperty("next").EnumerateArray().Select(next => Hub.Text(next, "command")));

        var id = Hub.Text(Hub.Items(await hub.GetAsync("/api/v1/providers")).Single(item => Hub.Text(item, "slug") == "ghes"), "id");
        foreach (var named in (string?[])["ghes", "GHES", id])
        {
            Assert.Equal("ghes", Hub.Text(await hub.GetAsync($"/api/v1/repositories/by-name/acme/models?provider={named}"), "provider"));
        }

        using var unknown = await hub.Server.Http.GetAsync("/api/v1/repositories/by-name/acme/models?provider=gitlab");
        Assert.Equal(["by-hand", "ghes"], (await unknown.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("allowed").EnumerateArray().Select(word => word.GetString()));

        using var syncs = await hub.Server.Http.GetAsync("/api/v1/syncs?repository=acme/models");
        Assert.Equal(HttpStatusCode.Conflict, syncs.StatusCode);
        var ofOne = Hub.Items(await hub.GetAsync("/api/v1/syncs?repository=acme/models&provider=ghes")).Select(item => Hub.Text(item, "repositoryId")).Distinct(StringComparer.Ordinal);
        Assert.NotEqual(hub.Repository, Assert.Single(ofOne));
        Assert.Equal(2, Total(await hub.GetAsync("/api/v1/models?repository=acme/models")));
        foreach (var list in (string[])["repositories", "models", "installations"])
        {
            Assert.Equal(1, Total(await hub.GetAsync($"/api/v1/{list}?provider=ghes")));
        }

        foreach (var list in (string[])["models?", "models/search?q=x&", "deliveries?", "syncs?"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await hub.Server.Http.GetAsync($"/api/v1/{list}repository=acme/nope")).StatusCode);
        }

        Assert.Equal(0, Total(await hub.GetAsync("/api/v1/deliveries?repository=acme/models&guid=none")));
        Assert.Equal(0, Total(await hub.GetAsync("/api/v1/deliveries?provider=ghes")));
        Assert.True(Total(await hub.GetAsync("/api/v1/syncs?provider=ghes")) >= 1);
    }

    [Fact]
    public async Task Commands_end_with_7_and_print_how_to_name_the_one_meant()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("a.hck.json", Files.Hackolade("A", "customer")));
        await using var other = await StartOtherAsync(hub);

        foreach (var line in (string[])["repo view acme/models", "repo sync acme/models", "repo cancel acme/models", "repo problems acme/models", "repo syncs acme/models", "model view acme/models/a.hck.json", "model pull acme/models/a.hck.json -o -"])
        {
            var outcome = await Command(hub).RunAsync(line.Split(' '));
            Assert.True(ExitCode.Conflict == outcome.Code, $"{line}: {outcome.Code} {outcome.Error}");
            Assert.Contains("--provider ghes", outcome.Error, StringComparison.Ordinal);
            Assert.Empty(outcome.Out);
        }

        var repository = await Command(hub).RunAsync("repo", "view", "acme/models", "--provider", "ghes", "--json", "provider,id");
        var model = await Command(hub).RunAsync("model", "view", "acme/models/a.hck.json", "--provider", "ghes", "--json", "provider");
        var missing = await Command(hub).RunAsync("repo", "view", "acme/models", "--provider", "gitlab");
        Assert.Equal("ghes", repository.OutJson["provider"]!.ToString());
        Assert.Equal("ghes", model.OutJson["provider"]!.ToString());
        Assert.Equal(ExitCode.Usage, missing.Code);
        Assert.Contains("by-hand or ghes", missing.Error, StringComparison.Ordinal);

        var nothing = await Command(hub).RunAsync("repo", "cancel", "acme/models", "--provider", "ghes");
        Assert.Equal((ExitCode.Ok, "acme/models: nothing is queued or running, so there was nothing to cancel.\n"), (nothing.Code, nothing.Out));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Rules_and_targets_of_what_one_provider_alone_has_need_no_provider(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("a.hck.json", Files.Hackolade("A", "customer")));
        await using var other = await StartOtherAsync(hub, "acme/only");

        await hub.PostAsync("/api/v1/rule-sources/check", new { text = "version: 1", kind = "Repository", source = "acme/only" }, HttpStatusCode.OK);
        await hub.PostAsync("/api/v1/targets", new { pattern = "acme/only" }, HttpStatusCode.Created);
        Assert.Equal("ghes", Hub.Text(Hub.Items(await hub.GetAsync("/api/v1/targets")).Single(), "provider"));

        await hub.PostAsync("/api/v1/rule-sources/check", new { text = "version: 1", kind = "Repository", source = "acme/models" }, HttpStatusCode.UnprocessableEntity);
        await hub.PostAsync("/api/v1/targets", new { pattern = "acme/*" }, HttpStatusCode.UnprocessableEntity);
    }

    private static long Total(JsonElement page) => page.GetProperty("total").GetInt64();

    private static CommandRun Command(Hub hub) => new()
    {
        ["SWITCHYARD_URL"] = hub.Server.Http.BaseAddress!.ToString(),
        ["SWITCHYARD_TOKEN"] = hub.Server.Http.DefaultRequestHeaders.Authorization!.Parameter,
    };

    /// <summary>A second GitHub that has the name too, reached with a token.</summary>
    private static async Task<SimulatorHost> StartOtherAsync(Hub hub, params string[] more)
    {
        var github = await SimulatorHost.StartAsync(new SimulatorOptions { Tokens = [new SimulatedToken("github_pat_of_the_other", "acme")] });
        using var control = new HttpClient { BaseAddress = github.Url };
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["a.hck.json"] = Files.Hackolade("A", "other") };
        foreach (var fullName in more.Append("acme/models"))
        {
            (await control.PostAsJsonAsync("/_simulator/repositories", new { fullName, files })).EnsureSuccessStatusCode();
        }

        await hub.PostAsync("/api/v1/providers", new { name = "ghes", apiUrl = github.ApiUrl, webUrl = github.Url, token = "github_pat_of_the_other" }, HttpStatusCode.Created);
        await hub.UntilAsync("/api/v1/repositories?status=Synced", page => Total(page) == 2 + more.Length);
        await hub.UntilAsync("/api/v1/repositories?provider=ghes", page => Hub.Items(page).All(item => Hub.Text(item.GetProperty("lastSync"), "endedAt") is not null));
        return github;
    }
}
