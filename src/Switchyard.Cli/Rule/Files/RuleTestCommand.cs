using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Files;

/// <summary>Holds a changed file against what has happened: what it would have started in addition, and what no longer.</summary>
internal sealed class RuleTestCommand : Command
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new("change", ""),
        new("rule", "Rule"),
        new("target", "Target"),
        new("repository", "Source"),
        Column.Of("sha", "Commit", item => RuleColumns.Short(Members.At(item, "sha"))),
        new("signals", "Signals"),
        new("dueAt", "When"),
        Column.Of("waitsForChecks", "Checks", item => Members.At(item, "waitsForChecks") == "true" ? "waits" : ""),
        Column.Of("signalId", "Signal", item => "s-" + Members.At(item, "signalId")),
    ];

    private readonly RuleFileOptions options = new();
    private readonly Option<string?> since = new("--since") { Description = "From when on: a time ago as 24h or 30d, or a day as 2026-11-01 (default 7d)", HelpName = "TIME" };
    private readonly Option<bool> exitCode = new("--exit-code") { Description = "End with 3 where anything would be started in addition or no longer" };

    public RuleTestCommand(Shell shell)
        : base("test", "Hold a changed file of rules against the stored signals: what it would have started, and what no longer")
    {
        options.AddTo(this);
        since.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && Since(given.Value, DateTimeOffset.MaxValue) is null)
            {
                result.AddError($"--since is \"{given.Value}\"; it must be a time ago as 24h or 30d, or a day as 2026-11-01");
            }
        });
        Add(since);
        Add(exitCode);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var (text, name) = (await options.ReadAsync(run, cancellation), options.Name(run));
        var place = await options.PlaceAsync(run, cancellation);
        var request = place.Request(text, options.Provider(run));
        request["since"] = run.Get(since) is { } from ? Since(from, run.Terminal.Time.GetUtcNow()) : null;
        if (await JudgedFile.AskAsync(run, "test", place, request, text, cancellation) is not { } answer)
        {
            var judged = JudgedFile.Here(place, text);
            answer = judged.ToJson(name);
        }

        var problems = JudgedFile.ProblemsOf(answer);
        var (added, removed) = (Rows(answer, "added", "+"), Rows(answer, "removed", "-"));
        if (run.Printer.IsJson)
        {
            run.Printer.Result(answer, "");
        }
        else if (problems.Any(problem => problem.IsError))
        {
            JudgedFile.Print(run, name, problems);
            run.Printer.Say(new JudgedFile(place, [], problems).Summary(name) + " Nothing was tried.");
            if (JudgedFile.Hint(run, place, problems, $"rule test {name}") is { } hint)
            {
                run.Printer.Say(hint);
            }
        }
        else
        {
            run.Printer.List([.. added, .. removed], Columns);
            run.Printer.Say($"Tried as {place}.");
            Say(run, answer, problems.SelectMany(problem => problem.Lines(name)), added.Count, removed.Count);
        }

        // A file with errors could not be tried at all; that is no difference that one may not want to know of.
        return problems.Any(problem => problem.IsError) || (run.Get(exitCode) && added.Count + removed.Count > 0) ? ExitCode.Findings : ExitCode.Ok;
    }

    private static void Say(Invocation run, JsonObject answer, IEnumerable<string> warnings, int added, int removed)
    {
        foreach (var line in warnings)
        {
            run.Printer.Say(line);
        }

        foreach (var unknown in answer["unknown"] as JsonArray ?? [])
        {
            run.Printer.Say($"Not known: {Members.Of(unknown)}");
        }

        run.Printer.Say(
            $"{Counted.Of(Members.Number(answer, "signals") ?? 0, "signals")} since {Second(Members.At(answer, "since"))}{(Members.At(answer, "cut") == "true" ? ", the newest of them only" : "")}: "
            + $"{added} more and {removed} fewer would have been started, {Members.At(answer, "unchanged")} as they were. How checks came out is not replayed.");
    }

    // A time ago has fractions of a second that nobody asked for.
    private static string? Second(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var at) ? at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : time;

    private static List<JsonNode> Rows(JsonObject answer, string member, string change) =>
        [.. (answer[member] as JsonArray ?? []).OfType<JsonObject>().Select(row => { var copy = (JsonObject)row.DeepClone(); copy["change"] = change; return copy; })];

    private static string? Since(string text, DateTimeOffset now) =>
        Durations.TryParse(text, out var ago) && ago > TimeSpan.Zero ? (now - ago).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
        : null;
}
