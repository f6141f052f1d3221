using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Rules;

namespace Switchyard.Server.Dispatches;

/// <summary>One action of a rule with its placeholders filled in and its limits checked.</summary>
internal sealed record RenderedAction
{
    private static readonly JsonSerializerOptions AsGitHubCounts = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Kind { get; init; }

    /// <summary><c>owner/name</c>; empty for a job.</summary>
    public string Target { get; init; } = "";

    public string? Workflow { get; init; }

    public string? EventType { get; init; }

    public string? Ref { get; init; }

    /// <summary>The inputs, or the client payload with our key in it.</summary>
    public string Body { get; init; } = "{}";

    /// <summary>Why it cannot be sent, whatever is tried; null where it can.</summary>
    public string? Error { get; init; }

    public string? NextStep { get; init; }

    /// <summary>Never throws: what cannot be rendered is a rendered action with an error.</summary>
    /// <param name="own">What goes below our key of a client payload.</param>
    public static RenderedAction Of(RuleAction action, IPlaceholders placeholders, JsonObject own)
    {
        try
        {
            var rendered = action switch
            {
                WorkflowAction workflow => Of(workflow, placeholders),
                DispatchAction dispatch => Of(dispatch, placeholders, own),
                JobAction job => new RenderedAction
                {
                    Kind = DispatchKind.Job,
                    Target = job.Registry,
                    Workflow = job.File.Text,
                    Error = $"The job {job.File.Text} was not started: jobs run with the Azure ML coupling, which this version does not have yet.",
                    NextStep = "Take the job out of the rule, or start it from a workflow.",
                },
                _ => throw new InvalidOperationException($"There is no way to start a {action.Kind}."),
            };
            return rendered.Error is null && rendered.Target.Split('/') is not [{ Length: > 0 }, { Length: > 0 }]
                ? rendered with { Error = $"The target \"{rendered.Target}\" names no repository.", NextStep = "Have `repository:` of the action come to owner/name." }
                : rendered;
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException or JsonException or NotSupportedException)
        {
            return new RenderedAction
            {
                Kind = action.Kind,
                Target = action.Target?.Text ?? "",
                Error = $"The action could not be filled in: {failure.Message}",
                NextStep = $"Correct line {action.Line} of the rule's file.",
            };
        }
    }

    /// <summary>The JSON of inputs, which are text all.</summary>
    public static string BodyOf(IReadOnlyDictionary<string, string> inputs) =>
        new JsonObject(inputs.Select(input => KeyValuePair.Create<string, JsonNode?>(input.Key, input.Value))).ToJsonString(AsGitHubCounts);

    private static RenderedAction Of(WorkflowAction action, IPlaceholders placeholders)
    {
        var inputs = action.Inputs.ToDictionary(input => input.Key, input => input.Value.Render(placeholders), StringComparer.Ordinal);
        var reference = action.Ref?.Render(placeholders);
        var file = action.File.Render(placeholders);
        var problems = DispatchLimits.Problems(inputs);
        return new RenderedAction
        {
            Kind = DispatchKind.Workflow,
            Target = action.Repository.Render(placeholders),
            Workflow = file[(file.LastIndexOf('/') + 1)..],
            Ref = reference is { Length: > 0 } ? reference : null,
            Body = BodyOf(inputs),
            Error = file.Length == 0 ? "The workflow's file is empty once its placeholders are filled in." : Sentence(problems),
            NextStep = file.Length == 0 || problems.Count > 0 ? $"Correct line {action.Line} of the rule's file." : null,
        };
    }

    private static RenderedAction Of(DispatchAction action, IPlaceholders placeholders, JsonObject own)
    {
        var payload = (JsonObject)action.Payload.Render(placeholders);
        payload[DispatchLimits.OwnKey] = own;
        var eventType = action.EventType.Render(placeholders);
        var problems = DispatchLimits.Problems(eventType, payload);
        return new RenderedAction
        {
            Kind = DispatchKind.Dispatch,
            Target = action.Repository.Render(placeholders),
            EventType = eventType,
            Body = payload.ToJsonString(AsGitHubCounts),
            Error = Sentence(problems),
            NextStep = problems.Count > 0 ? $"Correct line {action.Line} of the rule's file." : null,
        };
    }

    private static string? Sentence(IReadOnlyList<string> problems) => problems.Count == 0 ? null : "GitHub would refuse it: " + string.Join(" ", problems);
}
