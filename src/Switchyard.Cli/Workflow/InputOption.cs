using System.CommandLine;
using Switchyard.Cli.Output;
using Switchyard.GitHub.Rest;

namespace Switchyard.Cli.Workflow;

/// <summary><c>--input name=value</c>, repeated.</summary>
internal static class InputOption
{
    public static Option<string[]> Create(string what = "An input that the workflow declares") => new("--input", "-i") { Description = what + "; may be repeated", HelpName = "NAME=VALUE" };

    /// <summary>Those of a workflow, of which GitHub takes so many.</summary>
    public static Dictionary<string, string> Of(string[]? pairs)
    {
        var inputs = Pairs(pairs);
        return inputs.Count <= DispatchLimits.Inputs ? inputs : throw CommandProblem.Usage($"There are {inputs.Count} inputs; GitHub takes at most {DispatchLimits.Inputs}. Put several into one as JSON.");
    }

    public static Dictionary<string, string> Pairs(string[]? pairs)
    {
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw CommandProblem.Usage($"--input wants NAME=VALUE, not \"{pair}\".");
            }

            if (!inputs.TryAdd(pair[..at], pair[(at + 1)..]))
            {
                throw CommandProblem.Usage($"--input gives {pair[..at]} twice.");
            }
        }

        return inputs;
    }
}
