using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Simulator;

/// <summary>The calls that drive the simulator say what they take, there and in its README.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task Each_call_is_told_with_what_it_takes_and_the_README_says_the_same()
    {
        await using var github = await SimulatedGitHub.StartAsync();
        var readme = await File.ReadAllTextAsync(Path.Combine(SharedFolder.RepositoryRoot, "src", "Switchyard.Simulator", "README.md"));

        var calls = (await github.ControlAsync("GET", "")).AsObject()["routes"]!.AsObject();

        Assert.True(calls.Count > 60);
        Assert.Contains("conclusion?", calls["PUT /_simulator/plan"]!.ToString(), StringComparison.Ordinal);
        var rows = calls.Select(call => Row(call.Key, call.Value!.ToString())).ToList();
        Assert.All(rows, row => Assert.Contains(row, readme, StringComparison.Ordinal));
        Assert.Equal(rows.Count, readme.Split('\n').Count(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("POST /repositories/{owner}/{repo}/checks")]
    [InlineData("PUT /plan")]
    [InlineData("POST /repositories/{owner}/{repo}/pulls")]
    [InlineData("POST /repositories/{owner}/{repo}/releases")]
    public async Task What_has_a_body_says_its_members(string call)
    {
        await using var github = await SimulatedGitHub.StartAsync();

        Assert.StartsWith("`{", (await github.ControlAsync("GET", "")).AsObject()["routes"]![call.Replace(" ", " /_simulator", StringComparison.Ordinal)]!.ToString(), StringComparison.Ordinal);
    }

    private static string Row(string call, string takes)
    {
        var address = call.Replace("/_simulator", "", StringComparison.Ordinal);
        return $"| `{(address.EndsWith(' ') ? address + "/" : address)}` | {(takes.Length == 0 ? "" : takes + " ")}|\n";
    }
}
