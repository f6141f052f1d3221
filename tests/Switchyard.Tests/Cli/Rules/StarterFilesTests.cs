using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Switchyard.Cli.Output;
using Switchyard.Tests.Server.Rules;
using Switchyard.Tests.Server.Rules.Doctor;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>The files that both <c>init</c>s write, together, as they come.</summary>
public sealed class StarterFilesTests
{
    [Theory]
    [InlineData("workflow_dispatch", "--workflow", "starter.yml")]
    [InlineData("repository_dispatch", "--event-type", "schema-changed")]
    public async Task The_first_rule_starts_the_starter_workflow_which_shows_our_id_and_the_doctor_finds_nothing(string kind, string option, string value)
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        var workflow = await WriteAsync(["workflow", "init", "--event-type", "schema-changed", "--file", "-"]);
        await world.PushAsync("acme/the-tests", ".github/workflows/starter.yml", workflow);
        await world.RulesAsync(await WriteAsync(["rule", "init", "--name", "r", "--from", "acme/the-app", "--to", "acme/the-tests", option, value, "--file", "-"]));

        var findings = await world.DoctorAsync("r");
        var sha = await world.PushAsync("acme/the-app", "src/app.cs", "2");
        var sent = Assert.Single(await world.DispatchedAsync(1));

        Assert.All(findings, finding => Assert.Equal(("ok", null), (finding.State, finding.Next)));
        Assert.Contains(findings, finding => finding.Message.EndsWith("shows our id.", StringComparison.Ordinal));
        var dispatch = Assert.Single(SwitchWorld.Items(await world.GetAsync("/api/v1/dispatches")));
        Assert.Equal(kind, sent["kind"]!.ToString());
        var run = (await world.ControlAsync("GET", "runs"))!.AsArray().Single(one => one!["event"]!.ToString() == kind)!;
        Assert.EndsWith(Given(sent)["switchyard_id"]?.ToString() ?? Given(sent)["switchyard"]!["dispatch"]!.ToString(), run["title"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(("acme/the-app", sha), (Given(sent)["source"]!.ToString(), Given(sent)["sha"]!.ToString()));
        var reads = kind == "workflow_dispatch" ? @"\binputs\.(?<name>\w+)" : @"\bclient_payload\.(?<name>\w+)";
        Assert.All(Regex.Matches(workflow, reads, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), match => Assert.True(Given(sent).ContainsKey(match.Groups["name"].Value), match.Value));
        Assert.NotEqual("Failed", SwitchWorld.Text(dispatch, "state"));
    }

    private static JsonObject Given(JsonNode effect) => (effect["inputs"] ?? effect["payload"])!.AsObject();

    private static async Task<string> WriteAsync(string[] line)
    {
        var outcome = await new CommandRun().RunAsync(line);
        Assert.True(outcome.Code == ExitCode.Ok, outcome.Error);
        return outcome.Out;
    }
}
