using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>What a person may read: asked with their own token of an App, and by the App of a repository and a person.</summary>
public sealed class ReadableTests
{
    private const string Callback = "http://127.0.0.1:1/back";

    [Fact]
    public async Task A_person_is_told_what_they_were_given_and_an_App_of_each_what_they_may_do()
    {
        await using var github = await SimulatedGitHub.StartAsync(SharedFolder.Require("github/openapi.json"));
        foreach (var (name, isPrivate) in new[] { ("acme/given", true), ("acme/other", true), ("acme/public", false) })
        {
            await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = name, ["private"] = isPrivate });
        }

        var app = await github.ControlAsync(
            "POST", "/apps", new JsonObject { ["name"] = "Reads", ["callbackUrls"] = new JsonArray(Callback), ["install"] = new JsonObject { ["account"] = "acme" } });
        await github.ControlAsync("PUT", "/repositories/acme/given/collaborators/ann", new JsonObject { ["permission"] = "write" });
        await github.ControlAsync("PUT", "/organizations/acme/members/boss", new JsonObject { ["role"] = "admin" });
        var (ann, eve, boss) = (await SignInAsync(github, app, "ann"), await SignInAsync(github, app, "eve"), await SignInAsync(github, app, "boss"));

        var installation = Assert.Single((await github.SendAsync("GET", "/user/installations", ann)).Json["installations"]!.AsArray())!["id"]!.ToString();
        Assert.Equal(app["installation"]!["id"]!.ToString(), installation);
        Assert.Equal(["acme/given"], Names(await github.SendAsync("GET", $"/user/installations/{installation}/repositories", ann)));
        Assert.Equal(["acme/models", "acme/given", "acme/other", "acme/public"], Names(await github.SendAsync("GET", $"/user/installations/{installation}/repositories?per_page=100", boss)));
        var first = await github.SendAsync("GET", $"/user/installations/{installation}/repositories?per_page=1", boss);
        Assert.Contains("rel=\"next\"", first.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal(0, (await github.SendAsync("GET", "/user/installations", eve)).Json["total_count"]!.GetValue<int>());
        Assert.Equal(404, (await github.SendAsync("GET", $"/user/installations/{installation}/repositories", eve)).Status);

        // A token that no App gave, and one that stands for an installation.
        await github.ControlAsync("POST", "/tokens", new JsonObject { ["value"] = "github_pat_1", ["owner"] = "acme" });
        Assert.Equal(403, (await github.SendAsync("GET", "/user/installations", "github_pat_1")).Status);
        var token = await github.TokenAsync();
        Assert.Equal(403, (await github.SendAsync("GET", "/user/installations", token)).Status);

        foreach (var (repository, login, permission) in new[] { ("given", "ann", "write"), ("other", "ann", "none"), ("public", "ann", "read"), ("other", "boss", "admin") })
        {
            var answer = await github.SendAsync("GET", $"/repos/acme/{repository}/collaborators/{login}/permission", token);
            Assert.Equal((permission, login), (answer.Json["permission"]!.ToString(), answer.Json["user"]!["login"]!.ToString()));
        }

        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/given/collaborators/nobody/permission", token)).Status);
        await github.ControlAsync("DELETE", "/repositories/acme/given/collaborators/ann");
        await github.ControlAsync("POST", "/repositories/acme/public/privatize");
        var id = (await github.ControlAsync("GET", "/repositories/acme/public"))["id"]!.ToString();
        Assert.Equal("none", (await github.SendAsync("GET", $"/repositories/{id}/collaborators/ann/permission", token)).Json["permission"]!.ToString());
        Assert.Empty(github.Host.Violations);
        Assert.Empty(github.Host.UnknownOperations);
    }

    private static string[] Names(Reply reply) => [.. reply.Json["repositories"]!.AsArray().Select(repository => repository!["full_name"]!.ToString())];

    private static async Task<string> SignInAsync(SimulatedGitHub github, JsonNode app, string login)
    {
        var agreed = await github.PageAsync(
            HttpMethod.Post, $"/login/oauth/authorize?client_id={app["clientId"]}&redirect_uri={Uri.EscapeDataString(Callback)}", [KeyValuePair.Create("login", login), KeyValuePair.Create("decision", "authorize")]);
        var code = QueryHelpers.ParseQuery(new Uri(agreed.Headers["Location"]).Query)["code"].ToString();
        var answer = await github.PageAsync(
            HttpMethod.Post, "/login/oauth/access_token", [KeyValuePair.Create("client_id", app["clientId"]!.ToString()), KeyValuePair.Create("client_secret", app["clientSecret"]!.ToString()), KeyValuePair.Create("code", code)]);
        return answer.Json["access_token"]!.ToString();
    }
}
