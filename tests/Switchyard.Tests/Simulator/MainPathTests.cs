using System.Text.Json.Nodes;
using System.Web;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>From an empty GitHub to a push that was delivered, by pages, REST and git alone.</summary>
public sealed class MainPathTests
{
    [Fact]
    public async Task An_app_is_registered_by_manifest_installed_and_hears_of_a_push_by_git()
    {
        await using var github = await SimulatedGitHub.StartAsync(install: false);
        var manifest = new JsonObject
        {
            ["name"] = "Switchyard of acme",
            ["url"] = "https://switchyard.example",
            ["redirect_url"] = "http://127.0.0.1:1/registered",
            ["setup_url"] = "http://127.0.0.1:1/installed",
            ["hook_attributes"] = new JsonObject { ["url"] = github.Receiver.Url.ToString() },
            ["default_permissions"] = new JsonObject { ["contents"] = "read" },
            ["default_events"] = new JsonArray("push", "repository"),
        };

        var form = await github.PageAsync(HttpMethod.Get, "/organizations/acme/settings/apps/new?state=abc");
        Assert.Contains("name=\"manifest\"", form.Text, StringComparison.Ordinal);
        var registered = await github.PageAsync(HttpMethod.Post, "/organizations/acme/settings/apps/new?state=abc", [new("manifest", manifest.ToJsonString())]);
        Assert.Equal(302, registered.Status);
        var back = HttpUtility.ParseQueryString(new Uri(registered.Header("Location")).Query);
        Assert.Equal("abc", back["state"]);

        var app = await github.SendAsync("POST", $"/app-manifests/{back["code"]}/conversions", token: null);
        Assert.Equal(201, app.Status);
        Assert.Equal("acme", app.Json["owner"]!["login"]!.ToString());
        Assert.Equal(404, (await github.SendAsync("POST", $"/app-manifests/{back["code"]}/conversions", token: null)).Status);

        var installed = await github.PageAsync(HttpMethod.Post, $"/apps/{app.Json["slug"]}/installations/new?state=xyz", [new("account", "acme"), new("repository_selection", "selected"), new("repositories", "acme/models")]);
        var setup = HttpUtility.ParseQueryString(new Uri(installed.Header("Location")).Query);
        Assert.Equal("install", setup["setup_action"]);
        Assert.Equal("xyz", setup["state"]);

        github.UseKey(app.Json["pem"]!.ToString());
        var jwt = github.Jwt(issuer: app.Json["client_id"]!.ToString());
        var minted = await github.SendAsync("POST", $"/app/installations/{setup["installation_id"]}/access_tokens", jwt);
        var token = minted.Json["token"]!.ToString();
        Assert.Equal(40, token.Length);
        var repositories = await github.SendAsync("GET", "/installation/repositories", token);
        Assert.Equal("acme/models", repositories.Json["repositories"]![0]!["full_name"]!.ToString());

        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/models", token), "work");
        var work = github.Folder("work");
        await File.WriteAllTextAsync(Path.Combine(work, "new.txt"), "new\n");
        await github.GitOkAsync(work, "add", ".");
        await github.GitOkAsync(work, "commit", "--quiet", "-m", "Add a file");
        var (exit, refused) = await github.GitAsync(work, "push", "origin", "main");
        Assert.NotEqual(0, exit);
        Assert.Contains("403", refused, StringComparison.Ordinal);
        await github.GitOkAsync(work, "push", "--quiet", github.Remote("acme/models", "developer"), "main");
        await github.IdleAsync();

        Assert.Equal(["ping", "installation", "push"], github.Receiver.All.Select(delivery => delivery.Event));
        var push = github.Receiver.Of("push")[0];
        Assert.True(push.IsSigned(app.Json["webhook_secret"]!.ToString()));
        Assert.Equal("refs/heads/main", push.Json["ref"]!.ToString());
        Assert.Equal((await github.GitOkAsync(work, "rev-parse", "HEAD")).Trim(), push.Json["after"]!.ToString());
        Assert.Equal("new.txt", push.Json["commits"]![0]!["added"]![0]!.ToString());
        Assert.Equal(setup["installation_id"], push.Json["installation"]!["id"]!.ToString());
    }
}
