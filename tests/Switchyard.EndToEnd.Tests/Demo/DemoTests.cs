using System.Text.Json.Nodes;
using Switchyard.EndToEnd.Tests.Infrastructure;
using Xunit;

namespace Switchyard.EndToEnd.Tests.Demo;

/// <summary>The main job by one command, on real repositories.</summary>
public sealed class DemoTests
{
    private static readonly (string Expected, string Shown)[] Figures =
        [("modelFiles", "models"), ("containers", "containers"), ("entities", "entities"), ("attributesResolved", "attributes"), ("relationships", "relationships"), ("views", "views")];

    [Fact]
    public async Task The_two_fixtures_give_exactly_the_expected_figures()
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(SharedFolder.Require("fixtures", "models", "expected.json")))!["repositories"]!.AsArray();
        var arguments = new List<string> { "demo", "--once", "--json" };
        foreach (var repository in expected)
        {
            var name = repository!["repository"]!.ToString();
            arguments.AddRange(["--repository", $"{name}={SharedFolder.Require("fixtures", "models", name.Split('/')[1] + ".bundle")}"]);
        }

        var (exit, output, errors) = await SwitchyardProcess.RunAsync(arguments);
        Assert.True(exit == 0, errors);
        var shown = JsonNode.Parse(output)!["repositories"]!.AsArray().ToDictionary(item => item!["fullName"]!.ToString(), item => item!, StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var repository in expected)
        {
            var name = repository!["repository"]!.ToString();
            var found = shown[name];
            var hackolade = found["formats"]!["hackolade"]!;
            Note(wrong, name, "head", repository["head"]!.ToString(), found["head"]?.ToString());
            Note(wrong, name, "status", "Synced", found["status"]?.ToString());
            Note(wrong, name, "versions", repository["history"]!["versions"]!.ToString(), hackolade["versions"]?.ToString());
            foreach (var (figure, member) in Figures)
            {
                Note(wrong, name, member, repository["atHead"]![figure]!.ToString(), hackolade[member]?.ToString());
            }
        }

        Assert.Empty(wrong);
        var deliveries = JsonNode.Parse(output)!["deliveries"]!;
        Assert.Equal("0 0", $"{deliveries["failed"]} {deliveries["dead"]}");
    }

    [Fact]
    public async Task Without_arguments_it_shows_its_own_samples()
    {
        var (exit, output, errors) = await SwitchyardProcess.RunAsync(["demo", "--once", "--json"]);
        Assert.True(exit == 0, errors);
        var repositories = JsonNode.Parse(output)!["repositories"]!.AsArray();
        Assert.NotEmpty(repositories);
        Assert.All(repositories, repository =>
        {
            Assert.Equal("Synced", repository!["status"]!.ToString());
        });
        Assert.Equal(3, repositories.Count(repository => repository!["models"]!.GetValue<long>() > 0));
        Assert.Equal("success", JsonNode.Parse(output)!["switch"]!["conclusion"]!.ToString());
    }

    private static void Note(List<string> wrong, string repository, string figure, string expected, string? shown)
    {
        if (expected != shown)
        {
            wrong.Add($"{repository} {figure}: expected {expected}, shown {shown}");
        }
    }
}
