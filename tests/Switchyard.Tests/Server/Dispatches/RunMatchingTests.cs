using Switchyard.Server.Dispatches;
using Xunit;

namespace Switchyard.Tests.Server.Dispatches;

/// <summary>Which Run is probably whose. Dispatches and Runs are written as seconds.</summary>
public sealed class RunMatchingTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", "1", "0:0")]
    [InlineData("0 20 40", "1 21 41", "0:0 1:1 2:2")]
    [InlineData("0 1 2", "1 2 3", "0:0 1:1 2:2")]
    [InlineData("0 20", "21", "1:0")] // the first was swallowed: the Run is nearer to the second
    [InlineData("0 3", "4", "0:0")] // within seconds the first has the better claim: the second is sent again only if no other Run comes
    [InlineData("0 3", "4 5", "0:0 1:1")]
    [InlineData("30", "10 31", "0:1")] // a Run from before it was sent is somebody else's
    [InlineData("10", "7", "0:0")] // whole seconds, and a clock known to three
    [InlineData("0 20 40", "41", "2:0")]
    [InlineData("0 20 40", "1 41", "0:0 2:1")]
    [InlineData("", "1", "")]
    [InlineData("0", "", "")]
    public void Runs_are_given_in_order_to_as_many_as_can_be(string sent, string made, string expected)
    {
        var assigned = RunMatching.Assign(
            [.. Seconds(sent).Select((at, index) => new ExpectedRun(index, at))],
            [.. Seconds(made).Select((at, index) => new FoundRun(index, at))]);

        Assert.Equal(expected, string.Join(' ', assigned.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}")));
    }

    private static IEnumerable<DateTimeOffset> Seconds(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Start.AddSeconds(double.Parse(part, System.Globalization.CultureInfo.InvariantCulture)));
}
