using System.Globalization;

namespace Switchyard.Cli.Output;

/// <summary>A number with what it counts: <c>1 model</c>, <c>2 models</c>, <c>1 delivery</c>, <c>2 deliveries</c>.</summary>
internal static class Counted
{
    public static string Of(long number, string one) => number.ToString(CultureInfo.InvariantCulture) + " " + Noun(number, one);

    private static string Noun(long number, string one) =>
        number == 1 ? one : one.EndsWith('y') ? one[..^1] + "ies" : one + "s";
}
