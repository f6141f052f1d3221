using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Files;

/// <summary>What was found about a file of rules.</summary>
internal sealed record JudgedFile(RulePlace Place, IReadOnlyList<string> Rules, IReadOnlyList<FileProblem> Problems)
{
    public bool IsGood => !Problems.Any(problem => problem.IsError);

    /// <summary>By this program alone.</summary>
    public static JudgedFile Here(RulePlace place, string text)
    {
        var result = place.Judge(text);
        return new JudgedFile(place, [.. result.File?.Rules.Select(rule => rule.Name) ?? []], [.. result.Problems.Select(FileProblem.Of)]);
    }

    /// <summary>By a server, which knows the targets, what is allowed and the other files.</summary>
    public static async Task<JudgedFile> ByServerAsync(Invocation run, RulePlace place, string text, string? provider, CancellationToken cancellation)
    {
        var answer = await run.Server.PostAsync("api/v1/rule-sources/check", place.Request(text, provider), cancellation);
        return new JudgedFile(place, [.. (answer?["rules"] as JsonArray ?? []).Select(Members.Of).OfType<string>()], ProblemsOf(answer));
    }

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
