using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Checks;

/// <summary>Reads what an App says of its check run, within GitHub's limits (OpenAPI: checks/create), which its schema does not all express.</summary>
internal static class CheckBody
{
    private const int MostText = 65_535;
    private const int MostAnnotations = 50;
    private const int MostActions = 3;
    private static readonly string[] RequiredOfOutput = ["title", "summary"];
    private static readonly string[] LongTexts = ["summary", "text"];

    public static Answer? Refuse(JsonObject body)
    {
        if (body["conclusion"] is null && (body["status"]?.ToString() == "completed" || body["completed_at"] is not null))
        {
            return Wrong("\"conclusion\" wasn't supplied.");
        }

        if (body["status"]?.ToString() is { } status && status is not ("queued" or "in_progress" or "completed"))
        {
            return Wrong($"\"{status}\" is not a member of [\"queued\", \"in_progress\", \"completed\"].");
        }

        if (body["conclusion"]?.ToString() is { } conclusion && (!Conclusions.All.Contains(conclusion) || conclusion is "stale" or "startup_failure"))
        {
            return Wrong($"\"{conclusion}\" is not a conclusion that an App may set.");
        }

        return Output(body["output"] as JsonObject) ?? Actions(body["actions"] as JsonArray);
    }

    /// <summary>Takes over what is given; annotations are added to those that are there.</summary>
    public static void Fill(CheckRun run, JsonObject body, DateTimeOffset now)
    {
        run.Name = body["name"]?.ToString() ?? run.Name;
        run.ExternalId = body["external_id"]?.ToString() ?? run.ExternalId;
        run.DetailsUrl = body["details_url"]?.ToString() ?? run.DetailsUrl;
        run.StartedAt = Time(body["started_at"]) ?? run.StartedAt;
        var conclusion = body["conclusion"]?.ToString();
        // A conclusion alone completes it, too.
        run.Status = conclusion is not null ? "completed" : body["status"]?.ToString() ?? run.Status;
        run.Conclusion = run.Status == "completed" ? conclusion ?? run.Conclusion : null;
        run.CompletedAt = run.Status == "completed" ? Time(body["completed_at"]) ?? run.CompletedAt ?? now : null;
        if (body["output"] is JsonObject output)
        {
            run.Output = new CheckOutput(
                output["title"]?.ToString() ?? run.Output.Title,
                output["summary"]?.ToString() ?? run.Output.Summary,
                output["text"]?.ToString() ?? run.Output.Text);
            run.Annotations.AddRange((output["annotations"] as JsonArray ?? []).Select(item => Annotation(item!.AsObject())));
        }

        if (body["actions"] is JsonArray actions)
        {
            run.Actions.Clear();
            run.Actions.AddRange(actions.Select(action => new CheckAction(action!["label"]!.ToString(), action["description"]!.ToString(), action["identifier"]!.ToString())));
        }
    }

    private static CheckAnnotation Annotation(JsonObject item) => new(
        item["path"]!.ToString(),
        item["start_line"]!.GetValue<int>(),
        item["end_line"]!.GetValue<int>(),
        item["annotation_level"]!.ToString(),
        item["message"]!.ToString(),
        item["title"]?.ToString());

    private static Answer? Output(JsonObject? output)
    {
        if (output is null)
        {
            return null;
        }

        if (RequiredOfOutput.FirstOrDefault(name => output[name] is null) is { } missing)
        {
            return Wrong($"\"{missing}\" wasn't supplied.");
        }

        if (LongTexts.FirstOrDefault(name => output[name]?.ToString().Length > MostText) is { } tooLong)
        {
            return Wrong($"Only {MostText} characters are allowed; {output[tooLong]!.ToString().Length} were supplied for \"{tooLong}\".");
        }

        var annotations = output["annotations"] as JsonArray ?? [];
        if (annotations.Count > MostAnnotations)
        {
            return Wrong($"No more than {MostAnnotations} items are allowed; {annotations.Count} were supplied.");
        }

        var incomplete = annotations.Select(item => item as JsonObject).Any(item =>
            item?["path"] is null || item["start_line"] is null || item["end_line"] is null || item["message"] is null
            || item["annotation_level"]?.ToString() is not ("notice" or "warning" or "failure"));
        return incomplete ? Wrong("An annotation needs path, start_line, end_line, message, and annotation_level notice, warning or failure.") : null;
    }

    private static Answer? Actions(JsonArray? actions)
    {
        if (actions?.Count > MostActions)
        {
            return Wrong($"No more than {MostActions} items are allowed; {actions.Count} were supplied.");
        }

        var tooLong = (actions ?? []).Any(action => action?["label"]?.ToString() is not { Length: <= 20 }
            || action["description"]?.ToString() is not { Length: <= 40 } || action["identifier"]?.ToString() is not { Length: <= 20 });
        return tooLong ? Wrong("An action needs a label of at most 20, a description of at most 40 and an identifier of at most 20 characters.") : null;
    }

    private static DateTimeOffset? Time(JsonNode? text) => text is null ? null : DateTimeOffset.Parse(text.ToString());

    private static Answer Wrong(string what) => Answer.Invalid($"Invalid request.\n\n{what}");
}
