using System.Text.Json.Nodes;
using Switchyard.Simulator;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

public sealed class ReplayTests
{
    [Fact]
    public async Task The_history_of_a_real_repository_is_replayed_push_by_push()
    {
        var bundle = SharedFolder.Require("fixtures/models/books.bundle");
        await using var github = await SimulatedGitHub.StartAsync(repositories: []);
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", "--bare", bundle, "source");
        var source = github.Folder("source");
        var chain = (await github.GitOkAsync(source, "rev-list", "--first-parent", "--reverse", "HEAD")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await github.ControlAsync("POST", "/repositories", new JsonObject { ["fullName"] = "acme/books", ["source"] = bundle, ["startAt"] = chain[0] });

        foreach (var commit in chain.Skip(1))
        {
            await github.ControlAsync("PUT", "/repositories/acme/books/refs", new JsonObject { ["ref"] = "refs/heads/main", ["sha"] = commit });
        }

        await github.IdleAsync();
        Assert.Equal(chain.Skip(1), github.Receiver.Of("push").Select(push => push.Json["after"]!.ToString()));
        Assert.All(github.Receiver.Of("push"), push => Assert.False(push.Json["forced"]!.GetValue<bool>()));
        await github.GitOkAsync(github.Scratch, "clone", "--quiet", "--bare", github.Remote("acme/books", await github.TokenAsync()), "copy");
        Assert.Equal(
            await github.GitOkAsync(source, "rev-parse", "HEAD^{tree}"),
            await github.GitOkAsync(github.Folder("copy"), "rev-parse", "HEAD^{tree}"));
    }

    [Fact]
    public async Task A_data_folder_can_be_used_again()
    {
        var folder = Directory.CreateTempSubdirectory("switchyard-data-");
        try
        {
            for (var run = 0; run < 2; run++)
            {
                await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataFolder = folder.FullName, Repositories = [new SimulatedRepository("acme/models", folder.CreateSubdirectory("files").FullName)] });
                Assert.NotNull(simulator.World.Repositories.Find("acme/models"));
            }

            Assert.True(Directory.Exists(Path.Combine(folder.FullName, "repositories")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
