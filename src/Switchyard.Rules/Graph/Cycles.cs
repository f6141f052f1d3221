namespace Switchyard.Rules.Graph;

/// <summary>Cycles of a directed graph: for each node that is in one, a shortest; each told once.</summary>
internal static class Cycles
{
    /// <summary>People fix a few at a time.</summary>
    private const int Most = 50;

    public static IReadOnlyList<IReadOnlyList<int>> Of(int nodes, Func<int, IReadOnlyList<int>> edges)
    {
        var cycles = new List<IReadOnlyList<int>>();
        var told = new HashSet<string>(StringComparer.Ordinal);
        for (var node = 0; node < nodes && cycles.Count < Most; node++)
        {
            if (Shortest(node, nodes, edges) is { } cycle && told.Add(string.Join(',', cycle.Order())))
            {
                cycles.Add(cycle);
            }
        }

        return cycles;
    }

    private static List<int>? Shortest(int start, int nodes, Func<int, IReadOnlyList<int>> edges)
    {
        if (edges(start).Count == 0)
        {
            return null;
        }

        var from = new int[nodes];
        Array.Fill(from, -1);
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var next in edges(node))
            {
                if (next == start)
                {
                    var cycle = new List<int>();
                    for (var at = node; at != start; at = from[at])
                    {
                        cycle.Add(at);
                    }

                    cycle.Add(start);
                    cycle.Reverse();
                    return cycle;
                }

                if (from[next] < 0)
                {
                    from[next] = node;
                    queue.Enqueue(next);
                }
            }
        }

        return null;
    }
}
