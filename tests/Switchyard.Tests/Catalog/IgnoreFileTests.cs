using System.Text;
using Switchyard.Catalog;
using Switchyard.Catalog.Ignore;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class IgnoreFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("switchyard-ignore-").FullName;

    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("*.sql", "a/b.sql", true)]
    [InlineData("/a.sql", "b/a.sql", false)]
    [InlineData("docs/", "docs/a.json", true)]
    [InlineData("docs/", "docs", false)]
    [InlineData("a/**/b.json", "a/b.json", true)]
    [InlineData("a/**/b.json", "a/x/y/b.json", true)]
    [InlineData("a/*/b.json", "a/x/y/b.json", false)]
    [InlineData("**/b.json", "x/b.json", true)]
    [InlineData("a/**", "a/x/y", true)]
    [InlineData("*.json\n!keep.json", "x/keep.json", false)]
    [InlineData("x/\n!x/keep.json", "x/keep.json", true)]
    [InlineData("a[0-9].json", "a7.json", true)]
    [InlineData("a[!0-9].json", "a7.json", false)]
    [InlineData("\\#a.json", "#a.json", true)]
    [InlineData("# a comment\n\n\\!a.json", "!a.json", true)]
    [InlineData("a.json   ", "a.json", true)]
    [InlineData("a.json\\ ", "a.json ", true)]
    [InlineData("A.json", "a.json", false)]
    [InlineData("a.json\r\nb.json\r\n", "b.json", true)]
    public void Patterns_decide_as_gitignore_says(string file, string path, bool ignored)
    {
        Assert.Equal(ignored, Parse(file).Decide(path).Ignored);
    }

    [Theory]
    [InlineData("node_modules/a/openapi.json")]
    [InlineData("x/vendor/a.proto")]
    [InlineData(".venv/a.sql")]
    [InlineData("a/target/manifest.json")]
    [InlineData("dist/a.avsc")]
    [InlineData("mlruns/0/MLmodel")]
    [InlineData("testdata/a.hck.json")]
    [InlineData(".dvc/cache/a.json")]
    [InlineData(".dvc/tmp/a.json")]
    public void Built_in_patterns_hold_and_can_be_included_again(string path)
    {
        Assert.True(IgnoreFile.BuiltIn.Decide(path) is { Ignored: true, Line: null, Pattern: not null });
        var again = Parse("!node_modules/\n!vendor/\n!.venv/\n!target/\n!dist/\n!mlruns/\n!testdata/\n!.dvc/cache/\n!.dvc/tmp/\n");
        Assert.False(again.Decide(path).Ignored);
    }

    [Fact]
    public void The_deciding_pattern_and_its_line_are_told()
    {
        var file = Parse("# comment\n*.json\n!keep.json\n");

        Assert.Equal(new IgnoreDecision(true, 2, "*.json"), file.Decide("a/b.json"));
        Assert.Equal(new IgnoreDecision(false, 3, "!keep.json"), file.Decide("a/keep.json"));
        Assert.Equal(default, file.Decide("a/b.sql"));
    }

    [Fact]
    public void A_file_over_its_limits_is_refused_and_says_why()
    {
        Assert.Equal(ProblemCode.TooLarge, IgnoreFile.Parse(new byte[64 * 1024 + 1]).Problem!.Code);
        Assert.Equal(ProblemCode.TooLarge, IgnoreFile.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\n", 1001)))).Problem!.Code);
        Assert.NotNull(IgnoreFile.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a\n", 1000)))).File);
        Assert.Equal(ProblemCode.ParseFailed, IgnoreFile.Parse("a\0b"u8.ToArray()).Problem!.Code);
    }

    [Fact]
    public void A_pattern_made_to_go_back_takes_no_longer_than_others()
    {
        var file = Parse(string.Concat(Enumerable.Repeat("*a", 2000)) + "b\n" + string.Concat(Enumerable.Repeat("**/a/", 1000)) + "b\n");
        var path = string.Join('/', Enumerable.Repeat("aaaaaaaaaaaaaaaaaaa", 200));

        Assert.False(file.Decide(path).Ignored);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Decisions_are_those_of_git_over_generated_patterns_and_paths(int seed)
    {
        var random = new Random(seed);
        GitCommand.Run(folder, null, "init", "-q");
        for (var round = 0; round < 60; round++)
        {
            var patterns = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pattern(random) + "\n"));
            var paths = Enumerable.Range(0, 250).Select(_ => RandomPath(random)).Distinct().ToArray();
            File.WriteAllText(Path.Combine(folder, ".gitignore"), patterns);
            var answers = Encoding.UTF8.GetString(GitCommand.Run(
                folder, Encoding.UTF8.GetBytes(string.Join('\0', paths) + '\0'), "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin")).Split('\0');
            var file = Parse(patterns);
            for (var i = 0; i < paths.Length; i++)
            {
                var (line, pattern) = (answers[4 * i + 1], answers[4 * i + 2]);
                var decision = file.Decide(paths[i]);
                var expected = pattern.Length == 0
                    ? default
                    : new IgnoreDecision(!pattern.StartsWith('!'), int.Parse(line, System.Globalization.CultureInfo.InvariantCulture), pattern);
                Assert.True(
                    expected == decision,
                    $"seed {seed}, round {round}: path '{paths[i]}'\npatterns:\n{patterns}\ngit: {expected}\nours: {decision}");
            }
        }
    }

    private static IgnoreFile Parse(string text) => IgnoreFile.Parse(Encoding.UTF8.GetBytes(text)).File!;

    private static string RandomPath(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Name(random)));

    private static string Name(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "ab1-.é"[random.Next(6)])) is var name and not ("." or "..") ? name : "a";

    private static string Pattern(Random random)
    {
        var text = new StringBuilder(random.Next(4) == 0 ? "!" : "");
        text.Append(random.Next(4) == 0 ? "/" : "");
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            text.Append(Piece(random, text.Length == 0 || text[^1] == '/'));
        }

        text.Append(random.Next(4) == 0 ? "/" : "");
        text.Append(random.Next(8) == 0 ? "  " : "");
        return text.ToString();
    }

    private static string Piece(Random random, bool atStart) => random.Next(14) switch
    {
        0 or 1 => "*",
        2 => "?",
        3 => "/",
        4 when atStart => "**/",
        5 => "/**/",
        6 => "/**",
        7 => "[ab]",
        8 => new[] { "[!a]", "[^1-9]", "[a-", "[]a]", "[[:alpha:]]", "[[:digit:]b]", "[[:none:]]", "[b-]", "[\\]a]", "[a\\-b]" }[random.Next(10)],
        9 => "\\" + "ab*"[random.Next(3)],
        10 => "***",
        _ => "ab1-.é"[random.Next(6)].ToString(),
    };
}
