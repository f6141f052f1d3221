using Switchyard.Cli.Demo.Samples;
using Xunit;

namespace Switchyard.Tests.Cli;

public sealed class SampleTests
{
    [Fact]
    public async Task Samples_become_repositories_with_their_history_and_the_same_commits_each_time()
    {
        await using var github = await CommandGitHub.StartAsync();
        foreach (var sample in SampleRepositories.All)
        {
            var heads = new List<string>();
            foreach (var place in (string[])["one", "two"])
            {
                var folder = await SampleWriter.WriteAsync(Path.Combine(github.Folder, place), sample, CancellationToken.None);
                var log = await github.ProcessAsync("git", folder, new Dictionary<string, string>(), "log", "--format=%H", "main");
                Assert.Equal(sample.History.Count, log.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
                heads.Add(log.Out);
            }

            Assert.Equal(heads[0], heads[1]);
        }
    }
}
