using System.CommandLine;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Output;

/// <summary>An option that takes one of a few words, in any case; another one is refused before anything is asked of a server.</summary>
internal static class WordOption
{
    /// <param name="name">Such as <c>--status</c>.</param>
    /// <param name="words">The words as the API has them.</param>
    /// <param name="what">What the description says besides the words.</param>
    /// <param name="helpName">What stands for the word in the help.</param>
    public static Option<string?> Create(string name, IReadOnlyList<string> words, string what = "", string helpName = "WORD")
    {
        var option = new Option<string?>(name) { Description = what + QueryWords.Sentence(words), HelpName = helpName };
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !words.Contains(given, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name} is \"{given}\"; it must be {QueryWords.Sentence(words)}");
            }
        });
        return option;
    }
}
