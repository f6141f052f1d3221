using System.Text;
using System.Text.RegularExpressions;

namespace Switchyard.Simulator.Actions;

/// <summary>The branch and tag filters of <c>on.push</c> and <c>on.pull_request</c> (docs: filter pattern cheat sheet).</summary>
internal static class RefPatterns
{
    /// <summary>Whether a push of this ref concerns the trigger. A trigger that names only branches hears of no tag, and the other way round.</summary>
    public static bool Pushed(Trigger trigger, string name, bool isTag)
    {
        var (wanted, unwanted) = isTag ? (trigger.Tags, trigger.TagsIgnore) : (trigger.Branches, trigger.BranchesIgnore);
        var (otherWanted, otherUnwanted) = isTag ? (trigger.Branches, trigger.BranchesIgnore) : (trigger.Tags, trigger.TagsIgnore);
        return (wanted, unwanted) is ([], []) ? (otherWanted, otherUnwanted) is ([], []) : Matches(wanted, unwanted, name);
    }

    public static bool Matches(IReadOnlyList<string> wanted, IReadOnlyList<string> unwanted, string name) =>
        (wanted.Count == 0 || Included(wanted, name)) && (unwanted.Count == 0 || !Included(unwanted, name));

    /// <summary>The last pattern that matches decides; one that begins with ! excludes.</summary>
    private static bool Included(IReadOnlyList<string> patterns, string name)
    {
        var included = false;
        foreach (var pattern in patterns)
        {
            var negative = pattern.StartsWith('!');
            if (Glob(negative ? pattern[1..] : pattern).IsMatch(name))
            {
                included = !negative;
            }
        }

        return included;
    }

    private static Regex Glob(string pattern)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var twice = pattern[i] == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*';
            regex.Append(pattern[i] switch
            {
                '*' when twice => ".*",
                '*' => "[^/]*",
                '?' or '+' or '[' or ']' => pattern[i].ToString(),
                var c => Regex.Escape(c.ToString()),
            });
            i += twice ? 1 : 0;
        }

        return new Regex(regex.Append('$').ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }
}
