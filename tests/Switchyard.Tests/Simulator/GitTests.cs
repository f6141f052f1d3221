using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Switchyard.Simulator.Git;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class GitTests
{
    [Fact]
    public async Task A_token_clones_whole_shallow_and_without_blobs()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await github.CommitAsync($"Commit {i}", new JsonObject { ["data/a.json"] = $"{{\"n\":{i}}}\n", [$"{i}.txt"] = new string('x', 1000) });
        }

        var remote = github.Remote("acme/models", await github.TokenAsync(format: "enabled"));
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", remote, "whole");
        Assert.Equal("4", (await github.GitOkAsync(github.Folder("whole"), "rev-list", "--count", "HEAD")).Trim());
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", "--bare", "--filter=blob:none", remote, "blobless");
        Assert.Contains("?", await github.GitOkAsync(github.Folder("blobless"), "rev-list", "--objects", "--missing=print", "HEAD"), StringComparison.Ordinal);
        var blob = (await github.GitOkAsync(github.Folder("whole"), "rev-parse", "HEAD:data/a.json")).Trim();
        await github.GitOkAsync(github.Folder("blobless"), "fetch", "--quiet", "origin", blob);
        Assert.Equal("{\"n\":2}\n", await github.GitOkAsync(github.Folder("blobless"), "cat-file", "blob", blob));
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", "--depth=1", remote, "shallow");
        Assert.Equal("1", (await github.GitOkAsync(github.Folder("shallow"), "rev-list", "--count", "HEAD")).Trim());
        Assert.All((await github.ControlAsync("GET", "/log?kind=git")).AsArray(), entry => Assert.True(entry!["caller"]!.ToString() is "anonymous" || entry["caller"]!.ToString() == $"installation:{github.Installation}"));
    }

    [Fact]
    public async Task Status_codes_are_those_of_github()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/open", ["private"] = false, ["files"] = new JsonObject { ["a"] = "1" } });
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "strangers/secret", ["files"] = new JsonObject { ["a"] = "1" } });
        var token = await github.TokenAsync(new JsonObject { ["permissions"] = new JsonObject { ["contents"] = "read" } });
        var blind = await github.TokenAsync(new JsonObject { ["permissions"] = new JsonObject { ["metadata"] = "read" } });

        async Task<int> Status(string path, string? password)
        {
            var credentials = password is null ? "" : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + password));
            return (await github.SendAsync("GET", github.Host.Url + path, null, null, ("Authorization", credentials))).Status;
        }

        const string Refs = "/info/refs?service=git-upload-pack";
        Assert.Equal(200, await Status("acme/models.git" + Refs, token));
        Assert.Equal(200, await Status("acme/models" + Refs, token));
        Assert.Equal(401, await Status("acme/models.git" + Refs, null));
        Assert.Equal(401, await Status("acme/models.git" + Refs, "ghs_wrong"));
        Assert.Equal(401, await Status("acme/absent.git" + Refs, null));
        Assert.Equal(404, await Status("acme/absent.git" + Refs, token));
        Assert.Equal(404, await Status("strangers/secret.git" + Refs, token));
        Assert.Equal(404, await Status("acme/models.git" + Refs, blind));
        Assert.Equal(200, await Status("acme/open.git" + Refs, null));
        Assert.Equal(401, await Status("acme/open.git/info/refs?service=git-receive-pack", null));
        Assert.Equal(403, await Status("acme/models.git/info/refs?service=git-receive-pack", token));
        Assert.Equal(200, await Status("acme/models.git/info/refs?service=git-receive-pack", "developer"));
        Assert.Equal(403, await Status("acme/models.git/info/refs", token));
        await github.FaultAsync("installation.suspend");
        Assert.Equal(403, await Status("acme/models.git" + Refs, token));
        await github.ClearAsync("installation.suspend");
        Assert.Equal(200, await Status("acme/models.git" + Refs, token));
    }

    [Fact]
    public async Task A_gzipped_request_of_protocol_two_is_understood()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync("0014command=ls-refs\n0000"u8.ToArray());
        }

        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, github.Host.Url + "acme/models.git/git-upload-pack") { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("Git-Protocol", "version=2");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + await github.TokenAsync())));
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("refs/heads/main", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_may_write_pushes_as_the_apps_bot()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/models", await github.TokenAsync()), "work");
        var work = github.Folder("work");
        await github.GitOkAsync(work, "commit", "--quiet", "--allow-empty", "-m", "empty");
        await github.GitOkAsync(work, "push", "--quiet", "origin", "main");
        await github.IdleAsync();

        Assert.Equal("tests[bot]", github.Receiver.Of("push").Single().Json["sender"]!["login"]!.ToString());
        Assert.Equal("Bot", github.Receiver.Of("push").Single().Json["sender"]!["type"]!.ToString());
    }

    [Fact]
    public async Task Git_follows_a_renamed_repository()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("repo.rename", new JsonObject { ["repository"] = "acme/models", ["name"] = "models-2" });

        await github.GitOkAsync(github.Scratch, "clone", "--quiet", github.Remote("acme/models", await github.TokenAsync()), "work");
        Assert.True(File.Exists(Path.Combine(github.Folder("work"), "README.md")));
    }

    [Fact]
    public async Task Repositories_come_from_paths_bundles_and_folders()
    {
        var scratch = Directory.CreateTempSubdirectory("switchyard-sources-");
        try
        {
            var files = scratch.CreateSubdirectory("files");
            await File.WriteAllTextAsync(Path.Combine(files.FullName, "a.txt"), "a\n");
            await using (var maker = await SimulatedGitHub.StartAsync())
            {
                var work = Path.Combine(scratch.FullName, "work");
                await maker.GitOkAsync(scratch.FullName, "init", "--quiet", "-b", "trunk", work);
                await File.WriteAllTextAsync(Path.Combine(work, "b.txt"), "b\n");
                await maker.GitOkAsync(work, "add", ".");
                await maker.GitOkAsync(work, "commit", "--quiet", "-m", "one");
                await maker.GitOkAsync(work, "tag", "v1");
                await maker.GitOkAsync(work, "commit", "--quiet", "--allow-empty", "-m", "two");
                await maker.GitOkAsync(work, "bundle", "create", "--quiet", "../work.bundle", "HEAD", "trunk", "v1");
                await maker.GitOkAsync(scratch.FullName, "clone", "--quiet", "--bare", work, "bare.git");
            }

            await using var github = await SimulatedGitHub.StartAsync(repositories:
            [
                new SimulatedRepository("acme/files", files.FullName),
                new SimulatedRepository("acme/work", Path.Combine(scratch.FullName, "work")),
                new SimulatedRepository("acme/bundle", Path.Combine(scratch.FullName, "work.bundle")),
                new SimulatedRepository("acme/bare", Path.Combine(scratch.FullName, "bare.git")) { StartAt = "v1" },
                SimulatedRepository.Parse("acme/empty"),
            ]);
            var token = await github.TokenAsync();

            Assert.Equal("a\n", await ReadAsync("files", "main", "a.txt"));
            foreach (var name in new[] { "work", "bundle", "bare" })
            {
                Assert.Equal("trunk", (await github.SendAsync("GET", "/repos/acme/" + name, token)).Json["default_branch"]!.ToString());
                Assert.Equal("b\n", await ReadAsync(name, "v1", "b.txt"));
            }

            Assert.Equal("one", (await github.SendAsync("GET", "/repos/acme/bare/commits/trunk", token)).Json["commit"]!["message"]!.ToString());
            Assert.Equal("two", (await github.SendAsync("GET", "/repos/acme/work/commits/trunk", token)).Json["commit"]!["message"]!.ToString());
            var empty = await github.SendAsync("GET", "/repos/acme/empty/git/trees/main", token);
            Assert.Equal((409, "Git Repository is empty."), (empty.Status, empty.Message));
            await Assert.ThrowsAsync<RepositorySourceException>(() => SimulatorHost.StartAsync(new SimulatorOptions { Repositories = [new SimulatedRepository("a/b", "/nowhere/at/all")] }));
            Assert.Throws<FormatException>(() => SimulatedRepository.Parse("name=only"));
            Assert.Equal(new SimulatedRepository("a/b", "c=d"), SimulatedRepository.Parse("a/b=c=d"));

            async Task<string> ReadAsync(string name, string reference, string path) =>
                (await github.SendAsync("GET", $"/repos/acme/{name}/contents/{path}?ref={reference}", token, null, ("Accept", "application/vnd.github.raw+json"))).Text;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_stalled_answer_ends_with_the_switch_and_a_client_may_give_up()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("git.stall", new JsonObject { ["afterBytes"] = 20, ["route"] = "git-upload-pack" });
        var remote = github.Remote("acme/models", await github.TokenAsync());
        var clone = github.GitAsync(github.Scratch, "clone", "--quiet", remote, "stalled");
        await WaitForAsync(github, "git-upload-pack");
        Assert.False(clone.IsCompleted);
        await github.ClearAsync("git.stall");
        Assert.Equal(0, (await clone).Exit);

        await github.FaultAsync("git.slow", new JsonObject { ["bytesPerSecond"] = 1 });
        var slow = github.GitAsync(github.Scratch, "clone", "--quiet", remote, "slow");
        await WaitForAsync(github, "info/refs");
        await github.ClearAsync("git.slow");
        Assert.Equal(0, (await slow).Exit);

        static async Task WaitForAsync(SimulatedGitHub github, string part)
        {
            while ((await github.ControlAsync("GET", $"/log?kind=git&contains={part}")).AsArray().Count == 0)
            {
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Errors_can_be_injected_into_git()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        await github.FaultAsync("api.error", new JsonObject { ["status"] = 503, ["route"] = "git /acme/models", ["times"] = 1 });
        var remote = github.Remote("acme/models", await github.TokenAsync());

        Assert.Contains("503", (await github.GitAsync(github.Scratch, "ls-remote", remote)).Output, StringComparison.Ordinal);
        await github.GitOkAsync(github.Scratch, "ls-remote", remote);
        Assert.Equal("api.error", (await github.ControlAsync("GET", "/log?kind=git")).AsArray()[0]!["fault"]!.ToString());
    }

    [Theory]
    [InlineData("/a/b.git/info/refs", "a", "b", "info/refs")]
    [InlineData("/a/b%20c/git-upload-pack", "a", "b c", "git-upload-pack")]
    [InlineData("/a/b.git/info/lfs/objects/batch", "a", "b", "info/lfs/objects/batch")]
    [InlineData("/a/b", null, null, null)]
    [InlineData("/settings/apps/new", null, null, null)]
    public void Paths_of_git_are_told_from_pages(string path, string? owner, string? name, string? rest)
    {
        var parsed = GitPath.Parse(path);

        Assert.Equal((owner, name, rest), (parsed?.Owner, parsed?.Name, parsed?.Rest));
    }

    [Fact]
    public void Renames_and_binary_files_are_read_from_a_diff()
    {
        var changes = GitDiff.Parse(
            ":100644 100644 aaa bbb R095\0old name\0new name\0:000000 100644 000 ccc A\0image.png\0:100644 000000 ddd 000 D\0gone\0",
            "1\t2\t\0old name\0new name\0-\t-\timage.png\0" + "0\t5\tgone\0");

        Assert.Equal(
            [new GitChange('R', "new name", "old name", "bbb", 1, 2), new GitChange('A', "image.png", null, "ccc", 0, 0), new GitChange('D', "gone", null, "ddd", 0, 5)],
            changes);
    }
}
