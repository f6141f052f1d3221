using System.Text.Json;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>Turns an answer that is no success into the problem that is shown: the server's own words where it gave some.</summary>
internal static class ProblemReader
{
    public static async Task<CommandProblem> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        var body = await ReadBodyAsync(response, cancellation);
        var code = Members.At(body, "code");
        var next = code == Server.Hosting.Problems.Problem.InvalidParameter ? StepsFor(body!) : NextSteps(body);
        if (body is null && status is 401 && next.Length == 0)
        {
            next = [new NextStep("Ask an administrator for a token, or make one on the server's machine", Command: "switchyard admin token create --data FOLDER --name me --role viewer")];
        }

        // A page is opened in a browser; only the API is read from here.
        var steps = next.Select(step => step.Href is ['/', ..] path && !path.StartsWith("/api/", StringComparison.Ordinal) && response.RequestMessage?.RequestUri is { } asked
            ? step with { Href = new Uri(asked, path).ToString() }
            : step).ToArray();
        return new CommandProblem(ExitCode.FromProblem(status, code), code ?? response.StatusCode.ToString(), MessageOf(response, body), steps) { Body = body };
    }

    /// <summary>The member <c>next</c> of a problem or an operation.</summary>
    public static NextStep[] NextSteps(JsonObject? body) =>
    [
        .. (body?["next"] as JsonArray ?? []).Select(step => new NextStep(Members.At(step, "label") ?? "Next", Members.At(step, "command"), Members.At(step, "href"))),
    ];

    /// <summary>A wrong parameter was an option here; where none of ours helps, the help of the command does.</summary>
    private static NextStep[] StepsFor(JsonObject body) =>
        (body["errors"] as JsonArray ?? []).Any(error => Members.At(error, "parameter") == "provider") ? [new NextStep("List providers", Command: "switchyard provider list")] : [];

    private static string MessageOf(HttpResponseMessage response, JsonObject? body)
    {
        var said = Members.At(body, "detail") ?? Members.At(body, "title");
        return said ?? $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode} {response.ReasonPhrase} without a reason. See the log of the server.";
    }

    private static async Task<JsonObject?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json"
                ? JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellation)) as JsonObject
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
