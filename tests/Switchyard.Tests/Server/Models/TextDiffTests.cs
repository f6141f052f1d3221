using Switchyard.Server.Models.Diffs;
using Xunit;

namespace Switchyard.Tests.Server.Models;

/// <summary>Hunks tell the whole difference: whoever applies them to the old text has the new one.</summary>
public sealed class TextDiffTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_hunks_applied_to_the_old_text_make_the_new_one(int context)
    {
        // The same pairs in each run: a failure can be repeated.
        var random = new Random(20261121);
        for (var round = 0; round < 400; round++)
        {
            var old = Text(random, random.Next(40));
            var fresh = Change(random, old);
            var (hunks, added, removed, cut) = TextDiff.Compare(old, fresh, context, 10_000)!.Value;

            Assert.False(cut);
            Assert.Equal(fresh, Apply(old, hunks));
            Assert.Equal(hunks.Sum(hunk => hunk.Lines.Count(line => line.Kind == "Added")), added);
            Assert.Equal(hunks.Sum(hunk => hunk.Lines.Count(line => line.Kind == "Removed")), removed);
            Assert.Equal(old == fresh, hunks.Count == 0);
        }
    }

    [Fact]
    public void A_line_end_that_is_lost_is_a_difference()
    {
        var (hunks, added, removed, _) = TextDiff.Compare("a\nb\n", "a\nb", 3, 100)!.Value;
        Assert.Equal((1, 1), (added, removed));
        Assert.Equal([("Same", false), ("Removed", false), ("Added", true)], Assert.Single(hunks).Lines.Select(line => (line.Kind, line.Unterminated)));
    }

    [Fact]
    public void A_carriage_return_is_shown() => Assert.Contains(TextDiff.Compare("a\r\n", "a\n", 3, 100)!.Value.Hunks[0].Lines, line => line.Text == "a␍");

    [Fact]
    public void Texts_that_have_nothing_in_common_over_thousands_of_lines_are_not_compared() =>
        Assert.Null(TextDiff.Compare(string.Concat(Enumerable.Range(0, 9_000).Select(i => $"a{i}\n")), string.Concat(Enumerable.Range(0, 9_000).Select(i => $"b{i}\n")), 3, 100));

    [Fact]
    public void One_change_in_a_large_file_is_found_whatever_its_size()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $"line {i}\n").ToArray();
        var old = string.Concat(lines);
        lines[70_000] = "another\n";
        var hunk = Assert.Single(TextDiff.Compare(old, string.Concat(lines), 1, 100)!.Value.Hunks);
        Assert.Equal((70_000, 3, 70_000, 3), (hunk.OldStart, hunk.OldCount, hunk.NewStart, hunk.NewCount));
    }

    [Fact]
    public void More_lines_than_are_given_are_cut_and_it_is_said()
    {
        var fresh = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i}\n"));
        var (hunks, added, _, cut) = TextDiff.Compare("", fresh, 3, 100)!.Value;
        Assert.True(cut);
        Assert.Equal((100, 300), (hunks.Sum(hunk => hunk.Lines.Count), added));
    }

    private static string Apply(string old, List<DiffHunk> hunks)
    {
        var lines = old.Length == 0 ? [] : (old.EndsWith('\n') ? old[..^1] : old).Split('\n').Select(line => line + "\n").ToList();
        if (lines.Count > 0 && !old.EndsWith('\n'))
        {
            lines[^1] = lines[^1][..^1];
        }

        var result = new List<string>();
        var at = 0;
        foreach (var hunk in hunks)
        {
            var start = hunk.OldStart - (hunk.OldCount > 0 ? 1 : 0);
            result.AddRange(lines[at..start]);
            at = start;
            Assert.Equal(hunk.NewStart - (hunk.NewCount > 0 ? 1 : 0), result.Count);
            foreach (var line in hunk.Lines)
            {
                var text = line.Text + (line.Unterminated ? "" : "\n");
                if (line.Kind != "Added")
                {
                    Assert.Equal(lines[at++], text);
                }

                if (line.Kind != "Removed")
                {
                    result.Add(text);
                }
            }

            Assert.Equal((hunk.OldCount, hunk.NewCount), (hunk.Lines.Count(line => line.Old is not null), hunk.Lines.Count(line => line.New is not null)));
        }

        result.AddRange(lines[at..]);
        return string.Concat(result);
    }

    private static string Text(Random random, int lines) => string.Concat(Enumerable.Range(0, lines).Select(_ => $"{(char)('a' + random.Next(6))}\n"));

    private static string Change(Random random, string old)
    {
        var lines = old.Split('\n').ToList();
        for (var i = random.Next(6); i > 0; i--)
        {
            var at = random.Next(lines.Count);
            switch (random.Next(3))
            {
                case 0:
                    lines.Insert(at, "new");
                    break;
                case 1:
                    lines[at] = "changed";
                    break;
                default:
                    lines.RemoveAt(at);
                    break;
            }

            lines = lines.Count == 0 ? [""] : lines;
        }

        return string.Join('\n', lines);
    }
}
