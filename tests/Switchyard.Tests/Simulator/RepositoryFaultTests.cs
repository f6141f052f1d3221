using System.Text.Json.Nodes;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>Rows 34 to 38 of GitHub's behaviours: installations and repositories that change.</summary>
public sealed class RepositoryFaultTests
{
    private const string Models = "/repos/acme/models";

    [Fact]
    public async Task A_suspended_installation_is_listed_but_mints_and_reads_nothing()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("installation.suspend");

        Assert.NotNull((await github.AppAsync("GET", "/app/installations")).Json[0]!["suspended_at"]);
        var mint = await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens");
        Assert.Equal((403, "This installation has been suspended"), (mint.Status, mint.Message));
        Assert.Equal(403, (await github.SendAsync("GET", Models, token)).Status);
        await github.ClearAsync("installation.suspend");
        Assert.Equal(200, (await github.SendAsync("GET", Models, token)).Status);
    }

    [Fact]
    public async Task A_reinstalled_app_has_a_new_id_that_the_list_may_not_know_yet()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("installation.listLag", new JsonObject { ["seconds"] = 60 });
        await github.FaultAsync("installation.reinstall");

        Assert.Equal(404, (await github.AppAsync("POST", $"/app/installations/{github.Installation}/access_tokens")).Status);
        Assert.Equal(401, (await github.SendAsync("GET", Models, token)).Status);
        Assert.Empty((await github.AppAsync("GET", "/app/installations")).Json.AsArray());
        var found = (await github.AppAsync("GET", Models + "/installation")).Json["id"]!.GetValue<long>();
        Assert.NotEqual(github.Installation, found);
        github.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(found, (await github.AppAsync("GET", "/app/installations")).Json[0]!["id"]!.GetValue<long>());
    }

    [Fact]
    public async Task Renamed_and_transferred_repositories_redirect_to_their_number()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        var id = (await github.SendAsync("GET", Models, token)).Json["id"]!.GetValue<long>();
        await github.FaultAsync("repo.rename", new JsonObject { ["repository"] = "acme/models", ["name"] = "renamed" });

        var moved = await github.SendAsync("GET", Models + "/git/trees/main?recursive=1", token);
        Assert.Equal(301, moved.Status);
        Assert.Equal($"{github.Host.ApiUrl}/repositories/{id}/git/trees/main?recursive=1", moved.Header("Location"));
        Assert.Equal(200, (await github.SendAsync("GET", moved.Header("Location"), token)).Status);
        var write = await github.SendAsync("POST", Models + "/hooks", token, new JsonObject { ["config"] = new JsonObject { ["url"] = "http://127.0.0.1:1" } });
        Assert.Equal(307, write.Status);
        Assert.Equal(404, (await github.SendAsync("GET", Models, null)).Status);

        await github.FaultAsync("repo.transfer", new JsonObject { ["repository"] = "acme/renamed", ["owner"] = "other" });
        Assert.Equal(404, (await github.SendAsync("GET", "/repos/acme/renamed", token)).Status);
        await github.IdleAsync();
        Assert.DoesNotContain(github.Receiver.Of("repository"), delivery => delivery.Json["action"]!.ToString() == "transferred");
    }

    [Fact]
    public async Task Only_the_new_owners_installation_hears_of_a_transfer()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var other = await github.ControlAsync("POST", $"/apps/{github.AppId}/installations", new JsonObject { ["account"] = "other" });
        await github.FaultAsync("repo.transfer", new JsonObject { ["repository"] = "acme/models", ["owner"] = "other" });
        await github.IdleAsync();

        var transferred = github.Receiver.Of("repository").Single(delivery => delivery.Json["action"]!.ToString() == "transferred");
        Assert.Equal(other["id"]!.GetValue<long>(), transferred.Json["installation"]!["id"]!.GetValue<long>());
        Assert.Equal("acme", transferred.Json["changes"]!["owner"]!["from"]!["organization"]!["login"]!.ToString());
    }

    [Fact]
    public async Task A_recreated_name_has_another_number()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        var before = (await github.SendAsync("GET", Models, token)).Json["id"]!.GetValue<long>();
        await github.FaultAsync("repo.recreate", new JsonObject { ["repository"] = "acme/models" });

        Assert.NotEqual(before, (await github.SendAsync("GET", Models, token)).Json["id"]!.GetValue<long>());
        Assert.Equal(404, (await github.SendAsync("GET", $"/repositories/{before}", token)).Status);
        await github.IdleAsync();
        Assert.Equal(["deleted", "created"], github.Receiver.Of("repository").Select(delivery => delivery.Json["action"]!.ToString()));
    }

    [Fact]
    public async Task An_archived_repository_reads_but_does_not_write()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var token = await github.TokenAsync();
        await github.FaultAsync("repo.archive", new JsonObject { ["repository"] = "acme/models" });

        Assert.Equal(200, (await github.SendAsync("GET", Models, token)).Status);
        var write = await github.SendAsync("POST", Models + "/hooks", token, new JsonObject { ["config"] = new JsonObject { ["url"] = "http://127.0.0.1:1" } });
        Assert.Equal((403, "Repository was archived so is read-only."), (write.Status, write.Message));
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/models", token), "work");
        await github.GitOkAsync(github.Folder("work"), "commit", "--quiet", "--allow-empty", "-m", "x");
        Assert.NotEqual(0, (await github.GitAsync(github.Folder("work"), "push", github.Remote("acme/models", "developer"), "main")).Exit);
        await github.ClearAsync("repo.archive");
        await github.GitOkAsync(github.Folder("work"), "push", "--quiet", github.Remote("acme/models", "developer"), "main");
    }
}
