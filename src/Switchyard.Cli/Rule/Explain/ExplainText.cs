using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Explain;

/// <summary>
/// An explanation for people: the Signal, a block for each rule that it concerned, and a line for those that wait for something
/// else altogether.
/// </summary>
/// <param name="program">How the person called this program.</param>
/// <param name="whole">Whether those have blocks, too.</param>
internal sealed class ExplainText(string program, bool whole)
{
    private const int MostNamed = 10;

    public string Of(JsonObject explanation)
    {
        var text = new StringBuilder();
        var place = string.Join(" ", new[] { Members.At(explanation, "repository"), Members.At(explanation, "ref"), RuleColumns.Short(Members.At(explanation, "sha")) }.OfType<string>());
        var by = Members.At(explanation, "deliveryId") is { } delivery ? $"delivery {delivery}" : Members.At(explanation, "source");
        Line(text, $"Signal s-{Members.At(explanation, "signalId")}: {Members.At(explanation, "kind")}{(place.Length > 0 ? " " + place : "")} at {Members.At(explanation, "occurredAt")}, by {by}");
        var rules = (explanation["rules"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var concerned = rules.Where(rule => whole || Members.At(rule, "stored") == "true" || Members.At(rule, "result") != "NotMatched").ToList();
        foreach (var rule in concerned)
        {
            text.Append('\n');
            Block(text, rule);
        }

        Rest(text, Members.At(explanation, "signalId"), [.. rules.Except(concerned)], rules.Count);
        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonObject rule)
    {
        var result = Members.At(rule, "result") ?? "Unknown";
        var newer = Members.At(rule, "supersededBy.sha") is { } sha ? RuleColumns.Short(sha) ?? "" : null;
        if (newer is not null && result == "Matched")
        {
            // It matched, and that is not what people ask about: it started nothing.
            Line(text, $"{Members.At(rule, "rule")} ({Members.At(rule, "file")}): {StateStyle.Of("Cancelled").Icon} Superseded: {(newer.Length > 0 ? newer + " came" : "a later signal came")} (s-{Members.At(rule, "supersededBy.signalId")}) and took its place, before anything was sent");
        }
        else
        {
            Line(text, $"{Members.At(rule, "rule")} ({Members.At(rule, "file")}): {StateStyle.Of(result).Icon} {result}{(Members.At(rule, "reason") is { Length: > 0 } reason ? ": " + reason : "")}");
        }

        if (Members.At(rule, "stored") != "true")
        {
            Line(text, "  It was not held against the signal when that came; this is how it would judge it now.");
        }

        Conditions(text, [.. (rule["conditions"] as JsonArray ?? []).OfType<JsonObject>()]);
        if (Members.At(rule, "pendingState") is { } state)
        {
            Line(text, $"  {(newer is null ? "" : $"what became of {(newer.Length > 0 ? newer : "the later one")}: ")}p-{Members.At(rule, "pendingId")} {Waiting(state)}{(Members.At(rule, "pendingDetail") is { Length: > 0 } detail ? ": " + detail : "")}");
            foreach (var step in rule["pendingSteps"] as JsonArray ?? [])
            {
                Line(text, $"    {step}");
            }
        }

        foreach (var dispatch in (rule["dispatches"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Dispatch(text, dispatch);
        }
    }

    private static void Conditions(StringBuilder text, List<JsonObject> conditions)
    {
        var rows = conditions.ConvertAll(condition => new[]
        {
            Members.At(condition, "outcome") switch { "Matched" => "ok", "NotMatched" => "no", _ => "unknown" },
            Printable.Line(Members.At(condition, "name")),
            "expected " + Printable.Line(Members.At(condition, "expected")),
            "found " + Printable.Line(Members.At(condition, "actual")),
        });
        var widths = Enumerable.Range(0, 3).Select(column => rows.Select(row => Math.Min(row[column].Length, 60)).DefaultIfEmpty(0).Max()).ToArray();
        foreach (var row in rows)
        {
            text.Append("  ").Append(string.Join("  ", row.Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell)).TrimEnd()).Append('\n');
        }
    }

    private static void Dispatch(StringBuilder text, JsonObject dispatch)
    {
        var error = Members.At(dispatch, "error") is { } said ? ": " + said : "";
        Line(text, $"  d-{Members.At(dispatch, "id")} {Members.At(dispatch, "target")}: {Members.At(dispatch, "state")}{error}");
        if (Members.At(dispatch, "runUrl") is { } url)
        {
            var probable = Members.At(dispatch, "runMatch") == "ProbableMatch" ? "probably " : "";
            Line(text, $"    run {probable}{string.Join(" ", new[] { Members.At(dispatch, "runStatus"), Members.At(dispatch, "runConclusion") }.OfType<string>())} {url}");
        }
        else if (Members.At(dispatch, "runDetail") is { Length: > 0 } detail)
        {
            Line(text, $"    {Members.At(dispatch, "runMatch")}: {detail}");
        }
    }

    private void Rest(StringBuilder text, string? signal, List<JsonObject> rest, int all)
    {
        if (all == 0)
        {
            Line(text, "\nThere is no rule in force that it could have started.");
        }

        if (rest.Count == 0)
        {
            return;
        }

        var names = string.Join(", ", rest.Take(MostNamed).Select(rule => Members.At(rule, "rule")));
        text.Append('\n');
        Line(text, $"{Counted.Of(rest.Count, "rules")} {(rest.Count == 1 ? "waits" : "wait")} for something else: {names}{(rest.Count > MostNamed ? ", ..." : "")}. {program} rule explain s-{signal} --all says why.");
    }

    private static string Waiting(string state) => state switch
    {
        "Quiet" => "waits until it is quiet",
        "Checks" => "waits for checks",
        "Released" => "went on",
        "Cancelled" => "was cancelled",
        "ChecksFailed" => "ended, for checks failed",
        "TimedOut" => "ended, for checks took too long",
        _ => state,
    };

    private static void Line(StringBuilder text, string line) => text.Append(line.StartsWith('\n') ? "\n" : "").Append(Printable.Line(line.TrimStart('\n'))).Append('\n');
}
