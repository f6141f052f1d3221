using System.Text.Json.Nodes;

namespace Switchyard.Cli.Output;

/// <summary>What to do about a problem: a command that runs as printed, or an address to open.</summary>
internal sealed record NextStep(string Label, string? Command = null, string? Href = null);

/// <summary>
/// Why a command cannot go on. The message has the form of all errors here: what happened, why (in the other side's
/// words), the next step.
/// </summary>
internal sealed class CommandProblem(int exitCode, string code, string message, params NextStep[] next) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string Code { get; } = code;

    public IReadOnlyList<NextStep> Next { get; } = next;

    /// <summary>The problem+json body as the server sent it, if it came from there.</summary>
    public JsonObject? Body { get; init; }

    public static CommandProblem Usage(string message, params NextStep[] next) => new(Output.ExitCode.Usage, "Usage", message, next);

    public static CommandProblem NotFound(string message, params NextStep[] next) => new(Output.ExitCode.NotFound, "NotFound", message, next);

    public JsonObject ToJson()
    {
        if (Body is not null)
        {
            return Body;
        }

        var problem = new JsonObject
        {
            ["type"] = "urn:switchyard:problem:" + Code,
            ["title"] = Code,
            ["detail"] = Message,
            ["code"] = Code,
            ["exitCode"] = ExitCode,
        };
        if (Next.Count > 0)
        {
            problem["next"] = new JsonArray([.. Next.Select(ToJson)]);
        }

        return problem;
    }

    private static JsonObject ToJson(NextStep step)
    {
        var json = new JsonObject { ["label"] = step.Label };
        if (step.Command is not null)
        {
            json["command"] = step.Command;
        }

        if (step.Href is not null)
        {
            json["href"] = step.Href;
        }

        return json;
    }
}
