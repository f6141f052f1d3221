using System.Globalization;

namespace Switchyard.Cli.Output;

/// <summary>A number with what it counts: <c>2 models</c>, <c>1 model</c>; <c>2 deliveries</c>, <c>1 delivery</c>.</summary>
internal static class Counted
{
    /// <param name="number">How many.</param>
    /// <param name="many">The word for several of them.</param>
    public static string Of(long number, string many) => number.ToString(CultureInfo.InvariantCulture) + " " + (number == 1 ? One(many) : many);

    private static string One(string many) => many.EndsWith("ies", StringComparison.Ordinal) ? many[..^3] + "y" : many.TrimEnd('s');
}
