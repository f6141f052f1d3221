using System.Net;
using System.Text.Json;

namespace Switchyard.Tests.Server.Rules.Doctor;

/// <summary>One finding as the API gives it.</summary>
internal sealed record Found(string? Rule, string Source, string Subject, string State, string Message, string? Next);

internal static class DoctorWorld
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>Puts local rules in force, whose targets of acme are allowed.</summary>
    public static async Task ApplyAsync(this SwitchWorld world, string yaml, string name = "local")
    {
        await world.SendAsync(HttpMethod.Post, "/api/v1/targets", new { pattern = "acme/*" }, HttpStatusCode.Created);
        await world.SendAsync(HttpMethod.Put, "/api/v1/rule-sources/local/" + name, new { text = yaml }, HttpStatusCode.OK);
    }

    public static async Task<List<Found>> DoctorAsync(this SwitchWorld world, string? rule = null) =>
        JsonSerializer.Deserialize<List<Found>>(await world.Server.Http.GetStringAsync("/api/v1/rules/doctor" + (rule is null ? "" : "?rule=" + Uri.EscapeDataString(rule))), Format)!;

    /// <summary>A rule on pushes to the-app that starts a workflow of the-tests.</summary>
    public static string Workflow(string action, string name = "r", string repository = "acme/the-app") =>
        $"  - name: {name}\n    on: {{ push: {{ repositories: [\"{repository}\"] }} }}\n    do: [{{ workflow: {{ repository: acme/the-tests, {action} }} }}]\n    report: none\n";

    public static string File(params string[] rules) => "version: 1\nrules:\n" + string.Concat(rules);
}
