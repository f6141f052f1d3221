using System.Diagnostics;
using Switchyard.Rules;
using Switchyard.Rules.Matching;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class PatternTests
{
    /// <summary>Pattern, what it matches, what it does not: GitHub's own cheat sheet first.</summary>
    public static TheoryData<string, string[], string[]> PathPatterns() => new()
    {
        { "*", ["main", "README.md"], ["feature/a", "docs/a"] },
        { "**", ["main", "all/the/branches", "a"], [] },
        { "*.js", ["app.js", "index.js"], ["js/index.js", "app.jsx"] },
        { "**.js", ["index.js", "js/index.js", "src/js/app.js"], ["a.jsx"] },
        { "docs/*", ["docs/README.md"], ["docs/a/b.md", "docs"] },
        { "docs/**", ["docs/README.md", "docs/mona/octocat.txt"], ["docs", "x/docs/a"] },
        { "docs/**/*.md", ["docs/README.md", "docs/mona/hello.md", "docs/a/b/c.md"], ["docs/a.txt", "adocs/a.md"] },
        { "**/docs/**", ["docs/hello.md", "dir/docs/a.txt"], ["mydocs/a.txt"] },
        { "**/README.md", ["README.md", "js/README.md"], ["aREADME.md", "js/aREADME.md"] },
        { "**/*src/**", ["a/src/app.js", "my-src/code/x.js"], ["srcs/a"] },
        { "**/*-post.md", ["my-post.md", "path/their-post.md"], ["post.md"] },
        { "**/migrate-*.sql", ["migrate-10909.sql", "db/migrate-v1.0.sql"], ["migrate.sql"] },
        { "**/*.md", ["a.md", "x/y/a.md", ".md", "x/.md"], ["a.mdx", "md"] },
        { "a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb", "xa/b"] },
        { "src/**/*.cs", ["src/a.cs", "src/x/a.cs"], ["src/a.c", "a.cs", "srcx/a.cs"] },
        { "a*a", ["aa", "aba"], ["a", "a/a", "ab"] },
        { "**/a/**/b", ["a/b", "x/a/y/b"], ["a", "b", "xa/b"] },
        { "*.jsx?", ["page.js", "page.jsx"], ["page.jsxx"] },
        { "v[12].[0-9]+.[0-9]+", ["v1.10.1", "v2.0.0"], ["v3.1.1", "v1.10", "v1..1"] },
        { "releases/**-alpha", ["releases/beta/3-alpha", "releases/1-alpha"], ["releases/1-beta"] },
        { "v[!0-9]*", ["vx"], ["v1", "v", "v/"] },
        { "c\\+\\+/**", ["c++/a.cc"], ["c/a.cc", "cc/a"] },
        { "\\[a\\]\\?\\*", ["[a]?*"], ["a"] },
        { "Main", ["Main"], ["main"] },
        { "a?", ["", "a"], ["b", "aa"] },
        { "日本*", ["日本語"], ["日"] },
        { "*a*b*c*", ["xaxbxcx"], ["xaxcxb"] },
    };

    [Theory]
    [MemberData(nameof(PathPatterns))]
    public void Patterns_of_branches_tags_and_paths_are_those_of_workflows(string pattern, string[] matches, string[] others)
    {
        var list = PatternList.OfPaths(pattern);

        Assert.All(matches, text => Assert.True(list.Matches(text), text));
        Assert.All(others, text => Assert.False(list.Matches(text), text));
    }

    [Theory]
    [InlineData("acme/*", "Acme/The-App", true)]
    [InlineData("acme/*", "acme/a/b", false)]
    [InlineData("*/the-app", "other/the-app", true)]
    [InlineData("acme/lib-?", "acme/lib-a", true)]
    [InlineData("acme/lib-?", "acme/lib-", false)]
    [InlineData("acme/the-app", "acme/the-app2", false)]
    [InlineData("acme/v[1]", "acme/v1", false)]
    public void Patterns_of_repositories_mind_no_case_and_stop_at_the_slash(string pattern, string name, bool expected) =>
        Assert.Equal(expected, PatternList.OfRepositories(pattern).Matches(name));

    [Fact]
    public void Later_patterns_win_and_a_list_of_exceptions_alone_means_everything_else()
    {
        var mixed = PatternList.OfPaths("docs/**", "!docs/internal/**", "docs/internal/public.md");
        var exceptions = PatternList.OfPaths("!*.md", "!docs/**");

        Assert.Equal([true, false, true, false], new[] { "docs/a", "docs/internal/a", "docs/internal/public.md", "src/a" }.Select(mixed.Matches));
        Assert.Equal([true, false, false], new[] { "src/a.cs", "a.md", "docs/a" }.Select(exceptions.Matches));
        Assert.True(PatternList.None.Matches("anything"));
    }

    [Fact]
    public void A_hostile_pattern_takes_no_more_time_than_its_length_asks_for()
    {
        var list = PatternList.OfPaths(string.Concat(Enumerable.Repeat("*a", 100)) + "b");
        var text = new string('a', 4_000);
        var start = Stopwatch.GetTimestamp();

        Assert.False(list.Matches(text));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("acme/*", "*/the-app", true)]
    [InlineData("acme/a*", "acme/*b", true)]
    [InlineData("acme/a*", "acme/b*", false)]
    [InlineData("acme/*", "umbrella/*", false)]
    [InlineData("ACME/x", "acme/X", true)]
    [InlineData("acme/??", "acme/a", false)]
    [InlineData("acme/*a*", "acme/*b*", true)]
    [InlineData("*", "acme/x", false)]
    public void Whether_two_patterns_have_a_repository_in_common(string first, string second, bool expected)
    {
        Assert.Equal(expected, GlobOverlap.Exists(first, second));
        Assert.Equal(expected, GlobOverlap.Exists(second, first));
    }
}
