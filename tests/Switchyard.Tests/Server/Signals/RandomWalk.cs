namespace Switchyard.Tests.Server.Signals;

/// <summary>One move of a ref at a second; 0 stands for "is not there".</summary>
internal sealed record Step(string Ref, int Before, int After, long At);

/// <summary>Branches that wander between few commits, vanish and come again, never twice within a second.</summary>
internal static class RandomWalk
{
    private const int Commits = 4;

    public static List<Step> Make(Random random, int branches, int moves, long start = 1_000, int longest = 40)
    {
        var at = new int[branches];
        var second = start;
        var walk = new List<Step>();
        while (walk.Count < moves)
        {
            var branch = random.Next(branches);
            var next = random.Next(Commits + 1);
            if (next == at[branch])
            {
                continue;
            }

            second += random.Next(1, longest);
            walk.Add(new Step($"refs/heads/branch-{branch}", at[branch], next, second));
            at[branch] = next;
        }

        return walk;
    }
}
