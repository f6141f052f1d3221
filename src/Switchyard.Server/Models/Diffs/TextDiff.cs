using System.Runtime.InteropServices;
using DiffPlex;

namespace Switchyard.Server.Models.Diffs;

/// <summary>Compares two texts by lines and cuts what differs into hunks.</summary>
internal static class TextDiff
{
    /// <summary>
    /// Comparing takes time by lines times differences: beyond these it would keep a processor busy for seconds, and no one reads
    /// ten thousand changed lines.
    /// </summary>
    private const int MostLines = 20_000;
    private const int MostDifferent = 8_000;

    /// <param name="old">The left text.</param>
    /// <param name="fresh">The right text.</param>
    /// <param name="context">Lines around each place that differs.</param>
    /// <param name="most">Lines that are given at most.</param>
    /// <returns>Null where the texts are too different to be compared line by line.</returns>
    public static (List<DiffHunk> Hunks, int Added, int Removed, bool Cut)? Compare(string old, string fresh, int context, int most)
    {
        var (left, right) = (Split(old), Split(fresh));
        var head = CommonHead(left, right);
        var tail = CommonTail(left, right, head);
        ReadOnlySpan<string> leftRest = left.AsSpan(head, left.Length - head - tail);
        ReadOnlySpan<string> rightRest = right.AsSpan(head, right.Length - head - tail);
        if (Math.Max(leftRest.Length, rightRest.Length) > MostLines || LeastDifferent(leftRest, rightRest) > MostDifferent)
        {
            return null;
        }

        var blocks = new Differ().CreateCustomDiffs(string.Concat(leftRest), string.Concat(rightRest), ignoreWhiteSpace: false, Split).DiffBlocks
            .Select(block => new Block(block.DeleteStartA + head, block.DeleteCountA, block.InsertStartB + head, block.InsertCountB)).ToList();
        var hunks = new List<DiffHunk>();
        var (given, cut) = (0, false);
        for (var at = 0; at < blocks.Count && !cut;)
        {
            var end = at + 1;
            while (end < blocks.Count && blocks[end].OldStart - blocks[end - 1].OldEnd <= 2 * context)
            {
                end++;
            }

            var hunk = Hunk(left, right, CollectionsMarshal.AsSpan(blocks)[at..end], context);
            cut = given > 0 && given + hunk.Lines.Count > most;
            if (!cut)
            {
                var lines = hunk.Lines.Count > most ? [.. hunk.Lines.Take(most)] : hunk.Lines;
                cut = lines.Count < hunk.Lines.Count;
                hunks.Add(hunk with { Lines = lines });
                given += lines.Count;
            }

            at = end;
        }

        return (hunks, blocks.Sum(block => block.NewCount), blocks.Sum(block => block.OldCount), cut);
    }

    private static DiffHunk Hunk(string[] left, string[] right, ReadOnlySpan<Block> blocks, int context)
    {
        var lines = new List<DiffLine>();
        var (old, fresh) = (Math.Max(0, blocks[0].OldStart - context), Math.Max(0, blocks[0].NewStart - context));
        (old, fresh) = blocks[0].OldStart - old < blocks[0].NewStart - fresh ? (old, blocks[0].NewStart - (blocks[0].OldStart - old)) : (blocks[0].OldStart - (blocks[0].NewStart - fresh), fresh);
        var (firstOld, firstNew) = (old, fresh);
        foreach (var block in blocks)
        {
            AddSame(block.OldStart);
            for (; old < block.OldEnd; old++)
            {
                lines.Add(Line(DiffWord.Removed, left[old], old + 1, null));
            }

            for (; fresh < block.NewStart + block.NewCount; fresh++)
            {
                lines.Add(Line(DiffWord.Added, right[fresh], null, fresh + 1));
            }
        }

        AddSame(Math.Min(left.Length, old + context));
        return new DiffHunk(Start(firstOld, old), old - firstOld, Start(firstNew, fresh), fresh - firstNew, lines);

        void AddSame(int end)
        {
            for (; old < end; old++, fresh++)
            {
                lines.Add(Line(DiffWord.Same, left[old], old + 1, fresh + 1));
            }
        }
    }

    /// <summary>As diff writes it: where a side has no line, the one before.</summary>
    private static int Start(int first, int end) => end > first ? first + 1 : first;

    private static DiffLine Line(string kind, string text, int? old, int? fresh) =>
        new(kind, old, fresh, text.TrimEnd('\n').Replace("\r", "␍", StringComparison.Ordinal), !text.EndsWith('\n'));

    private static int CommonHead(string[] left, string[] right)
    {
        var most = Math.Min(left.Length, right.Length);
        var head = 0;
        while (head < most && left[head] == right[head])
        {
            head++;
        }

        return head;
    }

    private static int CommonTail(string[] left, string[] right, int head)
    {
        var most = Math.Min(left.Length, right.Length) - head;
        var tail = 0;
        while (tail < most && left[^(tail + 1)] == right[^(tail + 1)])
        {
            tail++;
        }

        return tail;
    }

    /// <summary>Lines that have no partner anywhere on the other side.</summary>
    private static int LeastDifferent(ReadOnlySpan<string> left, ReadOnlySpan<string> right)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in left)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, line, out _)++;
        }

        foreach (var line in right)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, line, out _)--;
        }

        return counts.Values.Sum(Math.Abs);
    }

    private readonly record struct Block(int OldStart, int OldCount, int NewStart, int NewCount)
    {
        public int OldEnd => OldStart + OldCount;
    }

    /// <summary>Lines with their ends: a file that differs only in them is not the same.</summary>
    private static string[] Split(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return [.. lines];
    }
}
