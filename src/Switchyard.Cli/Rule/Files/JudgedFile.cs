using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Rules;

namespace Switchyard.Cli.Rule.Files;

/// <summary>What was found about a file of rules.</summary>
internal sealed record JudgedFile(RulePlace Place, IReadOnlyList<string> Rules, IReadOnlyList<FileProblem> Problems)
{
    public bool IsGood => !Problems.Any(problem => problem.IsError);

    /// <summary>By this program alone.</summary>
    public static JudgedFile Here(RulePlace place, string text)
    {
        var result = place.Judge(text);
        var rules = result.File?.Rules ?? [];
        var loops = RuleGraph.Problems(place.Name, [.. rules.Select(rule => new GraphRule(place.Name, rule))]);
        return new JudgedFile(place, [.. rules.Select(rule => rule.Name)], [.. result.Problems.Concat(loops).Select(FileProblem.Of)]);
    }

    /// <summary>By a server, which knows the targets, what is allowed and the other files.</summary>
    public static async Task<JudgedFile> ByServerAsync(Invocation run, RulePlace place, string text, string? provider, CancellationToken cancellation)
    {
        var answer = await AskAsync(run, "check", place, place.Request(text, provider), text, cancellation);
        if (answer is null)
        {
            return Here(place, text);
        }

        return new JudgedFile(place, [.. (answer?["rules"] as JsonArray ?? []).Select(Members.Of).OfType<string>()], ProblemsOf(answer));
    }

    /// <summary>
    /// Asks the server about the text. One without a provider can tell nothing about it, which says nothing of the text: null where
    /// that has errors of its own, which come first.
    /// </summary>
    public static async Task<JsonObject?> AskAsync(Invocation run, string what, RulePlace place, JsonObject request, string text, CancellationToken cancellation)
    {
        try
        {
            return (JsonObject)(await run.Server.PostAsync("api/v1/rule-sources/" + what, request, cancellation))!;
        }
        catch (CommandProblem none) when (none.Code == Server.Hosting.Problems.Problem.NoProvider)
        {
            var judged = Here(place, text);
            return judged.IsGood
                ? throw new CommandProblem(none.ExitCode, none.Code, $"The language of the file is good ({Counted.Of(judged.Rules.Count, "rules")}); the rest the server cannot do. {none.Message}", [.. none.Next])
                : null;
        }
    }

    /// <summary>Local rules may start nothing that is not allowed; where that is what is wrong, the file is rather one of an account.</summary>
    public static string? Hint(Invocation run, RulePlace place, IEnumerable<FileProblem> problems, string command) =>
        place.Kind == RuleFileKind.Local && problems.Any(problem => problem.Code == RuleProblemCode.TargetNotAllowed)
            ? run.Terminal.AsCalled($"It was judged as local rules. As those of an account: `switchyard {command} --central OWNER`; as those of a repository: `--source OWNER/REPO`.")
            : null;

    public static IReadOnlyList<FileProblem> ProblemsOf(JsonNode? answer) => [.. (answer?["problems"] as JsonArray ?? []).OfType<JsonNode>().Select(FileProblem.Of)];

    /// <summary>The problems as compilers print them. They are what was asked for, so they are data.</summary>
    public static void Print(Invocation run, string file, IEnumerable<FileProblem> problems)
    {
        foreach (var line in problems.SelectMany(problem => problem.Lines(file)))
        {
            run.Terminal.Out.Write(line + "\n");
        }
    }

    public string Summary(string file)
    {
        var (errors, all) = (Problems.Count(problem => problem.IsError), Problems.Count);
        var warnings = all == errors ? "" : $"{(errors > 0 ? " and " : ", ")}{Counted.Of(all - errors, "warnings")}";
        return errors > 0
            ? $"{file}: {Counted.Of(errors, "errors")}{warnings}, as {Place}."
            : $"{file}: good as {Place}; {Counted.Of(Rules.Count, "rules")} ({string.Join(", ", Rules.Take(10))}{(Rules.Count > 10 ? ", ..." : "")}){warnings}.";
    }

    public JsonObject ToJson(string file) => new()
    {
        ["file"] = file,
        ["kind"] = Place.Kind.ToString(),
        ["source"] = Place.Name,
        ["good"] = IsGood,
        ["rules"] = new JsonArray([.. Rules.Select(rule => JsonValue.Create(rule))]),
        ["problems"] = new JsonArray([.. Problems.Select(problem => problem.ToJson())]),
    };
}
