namespace Switchyard.Simulator.Http;

/// <summary>
/// Matches the raw request path, so that <c>%2F</c> and <c>%25</c> in branch and file names arrive as they were sent.
/// A parameter written <c>{name*}</c> takes the rest of the path, or all of it up to the segments that follow.
/// </summary>
internal sealed class Router
{
    private readonly List<(Route Route, string[] Segments)> routes = [];

    public void Add(Route route)
    {
        var segments = route.Template.Split('/', StringSplitOptions.RemoveEmptyEntries);
        // Literal segments win over parameters, and parameters over the rest of the path.
        var at = routes.FindIndex(other => string.CompareOrdinal(Order(other.Segments), Order(segments)) > 0);
        routes.Insert(at < 0 ? routes.Count : at, (route, segments));
    }

    public (Route Route, Dictionary<string, string> Values)? Match(string method, string rawPath)
    {
        var path = rawPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (route, segments) in routes)
        {
            if (string.Equals(route.Method, method, StringComparison.Ordinal) && Bind(segments, path) is { } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    /// <summary>The end counts as the least particular of all, so that <c>{ref*}/status</c> is tried before <c>{ref*}</c>.</summary>
    private static string Order(string[] segments) =>
        string.Concat(segments.Select(segment => segment[0] != '{' ? 'a' : IsRest(segment) ? 'z' : 'm')) + '~';

    private static bool IsRest(string segment) => segment.EndsWith("*}", StringComparison.Ordinal);

    private static Dictionary<string, string>? Bind(string[] segments, string[] path)
    {
        var rest = Array.FindIndex(segments, IsRest);
        var after = segments.Length - rest - 1;
        if (rest >= 0 && after > 0)
        {
            // A name of several segments in the middle is joined to one, as if it had been sent escaped.
            var taken = path.Length - rest - after;
            return taken < 1 ? null : Bind(
                [.. segments[..rest], segments[rest].Replace("*}", "}", StringComparison.Ordinal), .. segments[(rest + 1)..]],
                [.. path[..rest], string.Join("%2F", path[rest..(rest + taken)]), .. path[(rest + taken)..]]);
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (IsRest(segment))
            {
                values[segment[1..^2]] = string.Join('/', path.Skip(i).Select(Uri.UnescapeDataString));
                return values;
            }

            if (i >= path.Length)
            {
                return null;
            }

            if (segment[0] == '{')
            {
                values[segment[1..^1]] = Uri.UnescapeDataString(path[i]);
            }
            else if (!string.Equals(segment, path[i], StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        return segments.Length == path.Length ? values : null;
    }
}
