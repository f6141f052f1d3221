using System.Text;
using Switchyard.GitHub.Git;
using Xunit;

namespace Switchyard.Tests.GitHub.Git;

public sealed class GitPathTests
{
    [Fact]
    public void A_name_that_is_not_UTF8_shows_its_bytes() =>
        Assert.Equal(@"caf\xE9-é.json", GitPath.ToText([.. "caf"u8, 0xE9, .. "-é.json"u8]));

    [Theory]
    [InlineData(@"plain/é/\back\slash.json")]
    [InlineData(@"\xff \xF \x \\x")]
    public void A_name_that_cannot_be_mistaken_is_shown_as_it_is(string name) => Assert.Equal(name, GitPath.ToText(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void No_two_paths_fall_together_and_each_comes_back()
    {
        // Every sequence of up to four of these pieces, the forms and what might be taken for one among them.
        byte[][] pieces = [[0xFF], [0xC3], [0xA9], [.. "\\"u8], [.. "x"u8], [.. "FF"u8], [.. "5C"u8], [.. "\\xFF"u8], [.. "\\x5C"u8], [.. "é/"u8]];
        var paths = new List<byte[]> { Array.Empty<byte>() };
        var all = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var length = 0; length < 4; length++)
        {
            paths = [.. paths.SelectMany(path => pieces.Select(piece => (byte[])[.. path, .. piece]))];
            foreach (var path in paths)
            {
                var text = GitPath.ToText(path);
                Assert.True(all.TryAdd(text, path) || all[text].AsSpan().SequenceEqual(path), text);
                Assert.Equal(path, GitPath.ToBytes(text));
            }
        }
    }

    [Fact]
    public void A_URL_has_the_bytes_of_the_path() =>
        Assert.Equal("a%20b/%FF-%C3%A9%23.json", GitPath.ToUrl(@"a b/\xFF-é#.json"));
}
