using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Doctor;

/// <summary>What rules need on GitHub, which the server looks at with the App's own eyes.</summary>
internal static class RuleChecks
{
    /// <param name="run">The command.</param>
    /// <param name="rule">Name or id; null: all of them.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Invocation run, string? rule, CancellationToken cancellation)
    {
        JsonArray findings;
        try
        {
            findings = await run.Server.GetAsync("api/v1/rules/doctor" + ApiClient.Query([new("rule", rule)]), cancellation) as JsonArray ?? [];
        }
        catch (CommandProblem missing) when (missing.ExitCode == ExitCode.NotFound && rule is null)
        {
            return [Finding.Skipped("rules", "The server is of a version that does not look at rules.")];
        }

        return findings.Count == 0 ? [Finding.Skipped("rules", "There is none yet; `switchyard rule init` writes a first one.")] : [.. findings.OfType<JsonNode>().Select(Of)];
    }

    private static Finding Of(JsonNode finding)
    {
        var subject = Members.At(finding, "subject") ?? "";
        var check = Members.At(finding, "rule") is { } rule ? $"rule {rule}: {subject}" : Members.At(finding, "source") is null ? subject : "rules of " + subject;
        return new Finding(check, Members.At(finding, "state") switch { "error" => "failed", "unknown" => "skipped", var state => state ?? "skipped" }, Members.At(finding, "message") ?? "", Members.At(finding, "next"));
    }
}
