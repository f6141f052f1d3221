using System.Text;
using Switchyard.Rules;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Rules;

/// <summary>
/// Rule files as users write them wrong, and what they are told. SWITCHYARD_TEST_REWRITE_SNAPSHOTS=1 writes what is told now beside each
/// file; then read it.
/// </summary>
public sealed class WrongFileTests
{
    private static readonly string Folder = Path.Combine(SharedFolder.RepositoryRoot, "tests", "Switchyard.Tests", "Rules", "Wrong");

    public static TheoryData<string> Names() => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_file_is_told_all_that_is_wrong_with_it(string name)
    {
        var yaml = File.ReadAllText(Path.Combine(Folder, name + ".yml"));
        var told = Told(RuleFile.Parse(yaml, Scope(yaml)));
        var snapshot = Path.Combine(Folder, name + ".txt");
        if (TestEnvironment.RewriteSnapshots)
        {
            File.WriteAllText(snapshot, told);
        }

        Assert.True(File.Exists(snapshot), $"{snapshot} is missing; set SWITCHYARD_TEST_REWRITE_SNAPSHOTS=1 to write it.");
        Assert.Equal(File.ReadAllText(snapshot), told);
        Assert.NotEmpty(told);
    }

    [Fact]
    public void Every_place_is_in_the_file_and_every_message_is_a_sentence()
    {
        Assert.True(Names().Count >= 60, $"There are {Names().Count} wrong files.");
        foreach (var name in Directory.EnumerateFiles(Folder, "*.yml"))
        {
            var yaml = File.ReadAllText(name);
            var lines = yaml.Split('\n');
            foreach (var problem in RuleFile.Parse(yaml, Scope(yaml)).Problems)
            {
                Assert.InRange(problem.Line, 1, lines.Length);
                Assert.InRange(problem.Column, 1, lines[problem.Line - 1].Length + 1);
                Assert.Matches("[.]$", problem.Message);
                Assert.DoesNotContain("\n", problem.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The first line may say where the file is; else it is the central one of acme.</summary>
    private static RuleFileScope Scope(string yaml) => yaml.Split('\n')[0] switch
    {
        "# scope: local" => RuleFileScope.Local(),
        "# scope: repository acme/the-tests" => RuleFileScope.ForRepository("acme", "the-tests"),
        _ => RuleFileScope.Central("acme"),
    };

    private static string Told(RuleFileResult result)
    {
        var text = new StringBuilder();
        foreach (var problem in result.Problems)
        {
            text.Append($"{problem.Line}:{problem.Column} {problem.Severity.ToString().ToLowerInvariant()} {problem.Code} {problem.Path}".TrimEnd()).Append('\n');
            text.Append($"    {problem.Message}\n");
            if (problem.Suggestion is not null)
            {
                text.Append($"    {problem.Suggestion}\n");
            }
        }

        Assert.Equal(result.File is null, result.Problems.Any(problem => problem.Severity == RuleProblemSeverity.Error));
        return text.ToString();
    }
}
