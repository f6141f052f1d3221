using Xunit;

namespace Switchyard.Tests.Server.Rules.Doctor;

/// <summary>What the doctor says of targets and their workflow files.</summary>
public sealed class DoctorWorkflowTests
{
    private const string Strict =
        """
        name: strict
        on:
          workflow_dispatch:
            inputs:
              sha: { required: true }
              level: { required: true, default: fast }
              where: { type: choice, options: [here, there] }
        jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
        """;

    private const string NoTrigger = "on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: \"true\" }] } }\n";

    private const string Listens = "on: { repository_dispatch: { types: [changed] } }\nrun-name: changed ${{ github.event.client_payload.switchyard.dispatch }}\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: \"true\" }] } }\n";

    [Theory]
    [MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task A_rule_that_has_all_it_needs_is_good_in_every_line(string kind)
    {
        await using var world = await SwitchWorld.StartAsync(kind);
        await world.PushAsync("acme/the-tests", ".github/workflows/listens.yml", Listens);
        await world.ApplyAsync(
            """
            version: 1
            rules:
              - name: all
                on:
                  push: { repositories: [acme/the-app, "acme/the-l*"] }
                  pull_request: { repositories: [acme/the-app] }
                checks: { require: success }
                do:
                  - workflow: { repository: "${{ source.owner }}/the-tests", file: integration.yml, ref: main, inputs: { sha: "${{ signal.sha }}" } }
                  - dispatch: { repository: acme/the-tests, event_type: changed }
            """);

        var findings = await world.DoctorAsync("all");

        Assert.All(findings, finding => Assert.Equal(("ok", null), (finding.State, finding.Next)));
        Assert.Equal(["permissions of the App switch", "events of the App switch", "acme/the-app", "acme/the-l* (1 of acme)", "acme/the-app", "acme/the-tests integration.yml", "acme/the-tests changed"], findings.Select(finding => finding.Subject));
        Assert.Equal("Installed, with contents: read, checks: read, statuses: read, checks: write.", findings[2].Message);
        Assert.Equal("It can be started on main, takes the inputs and shows our id.", findings[5].Message);
        Assert.Equal(".github/workflows/listens.yml listens, and shows our id.", findings[6].Message);
    }

    [Fact]
    public async Task A_workflow_that_cannot_be_started_as_the_rule_does_is_told_with_what_is_wrong()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.PushAsync("acme/the-tests", "README.md", "before", "old");
        await world.PushAsync("acme/the-tests", ".github/workflows/strict.yml", Strict);
        await world.PushAsync("acme/the-tests", ".github/workflows/push.yml", NoTrigger);
        await world.PushAsync("acme/the-tests", ".github/workflows/broken.yml", "on: [workflow_dispatch\n  jobs: {");
        await world.PushAsync("acme/the-tests", ".github/workflows/next.yml", Strict, "next");
        string[] rules =
        [
            DoctorWorld.Workflow("file: integratoin.yml", "misspelled"),
            DoctorWorld.Workflow("file: push.yml", "no-trigger"),
            DoctorWorld.Workflow("file: broken.yml", "broken"),
            DoctorWorld.Workflow("file: strict.yml, ref: gone", "no-ref"),
            DoctorWorld.Workflow("file: strict.yml, ref: old", "not-on-ref"),
            DoctorWorld.Workflow("file: next.yml, ref: next", "not-on-default"),
            DoctorWorld.Workflow("file: strict.yml, inputs: { shaa: x }", "inputs"),
            DoctorWorld.Workflow("file: strict.yml, inputs: { sha: x, where: elsewhere }", "option"),
            DoctorWorld.Workflow("file: strict.yml, inputs: { sha: x, where: there }", "hint"),
        ];
        await world.ApplyAsync(DoctorWorld.File(rules));

        var said = (await world.DoctorAsync()).Where(finding => finding.Subject.StartsWith("acme/the-tests", StringComparison.Ordinal)).ToLookup(finding => finding.Rule);

        void Expect(string rule, params (string State, string Message, string Next)[] expected)
        {
            var found = said[rule].ToList();
            Assert.Equal(expected.Length, found.Count);
            Assert.All(found.Zip(expected), pair =>
            {
                Assert.Equal(pair.Second.State, pair.First.State);
                Assert.Contains(pair.Second.Message, pair.First.Message, StringComparison.Ordinal);
                Assert.Contains(pair.Second.Next, pair.First.Next, StringComparison.Ordinal);
            });
        }

        Expect("misspelled", ("error", "There is no .github/workflows/integratoin.yml on main of acme/the-tests. Did you mean integration.yml?", "switchyard workflow init"));
        Expect("no-trigger", ("error", "It has no `workflow_dispatch` trigger on main", "Add `on: workflow_dispatch` to .github/workflows/push.yml on main of acme/the-tests."));
        Expect("broken", ("error", "cannot be read as YAML", "Correct the file"));
        Expect("no-ref", ("error", "There is no branch or tag gone in acme/the-tests.", "Correct line 17"));
        Expect("not-on-ref", ("error", "It is on main, and not on old.", "merge the file into old"));
        Expect("not-on-default", ("error", "It is not on main, and GitHub starts only what is there as well.", "Merge .github/workflows/next.yml into main"));
        Expect("inputs", ("error", "It has no input shaa on main, so GitHub refuses the start. Did you mean sha?", "Declare it"), ("error", "It requires the input sha, which the rule does not give", "Give it under `inputs`"));
        Expect("option", ("error", "Its input where does not take \"elsewhere\"", "Give one of here, there."));
        Expect("hint", ("warning", "but not our id", "switchyard_id"));
    }

    [Fact]
    public async Task An_event_that_no_workflow_listens_to_is_told_with_those_there_are()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(
            """
            version: 1
            rules:
              - name: nobody
                on: { push: { repositories: [acme/the-app] } }
                do: [{ dispatch: { repository: acme/the-tests, event_type: changed } }]
              - name: unshown
                on: { push: { repositories: [acme/the-app] } }
                do: [{ dispatch: { repository: acme/the-tests, event_type: upstream-changed } }]
            """);

        var nobody = (await world.DoctorAsync("nobody"))[^1];
        var unshown = (await world.DoctorAsync("unshown"))[^1];

        Assert.Equal(("acme/the-tests changed", "error", "No workflow on main of acme/the-tests listens to `changed`. There are listeners to `upstream-changed`."), (nobody.Subject, nobody.State, nobody.Message));
        Assert.Contains("switchyard workflow init --event-type changed", nobody.Next, StringComparison.Ordinal);
        Assert.Equal("warning", unshown.State);
        Assert.Contains("client_payload.switchyard.dispatch", unshown.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_a_signal_tells_is_unknown_and_a_job_starts_nothing_yet()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(
            """
            version: 1
            rules:
              - name: later
                on: { manual: { repositories: ["other/*"], inputs: [file] } }
                do:
                  - workflow: { repository: "acme/${{ source.name }}", file: a.yml }
                  - workflow: { repository: acme/the-tests, file: "${{ signal.inputs.file }}" }
                  - dispatch: { repository: acme/the-tests, event_type: "${{ signal.inputs.file }}" }
                  - job: { registry: prod, file: src/job.yml }
                  - workflow: { repository: acme/the-tests, file: integration.yml, ref: "${{ signal.branch }}" }
            """);

        var findings = (await world.DoctorAsync("later")).Where(finding => finding.State != "ok").ToList();

        Assert.Equal(
            [("other/*", "warning"), ("acme/${{ source.name }}", "unknown"), ("acme/the-tests", "unknown"), ("acme/the-tests", "unknown"), ("job src/job.yml", "error"), ("acme/the-tests integration.yml", "unknown")],
            findings.Select(finding => (finding.Subject, finding.State)));
        Assert.Contains("Azure ML", findings[4].Message, StringComparison.Ordinal);
        Assert.Contains("the file on main was looked at", findings[5].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "error", "Could not read workflow integration.yml of acme/the-tests: GitHub answered 403")]
    [InlineData(404, "error", "It is not on main")]
    [InlineData(503, "unknown", "GitHub could not be asked: ")]
    public async Task What_GitHub_refuses_is_an_error_what_it_does_not_say_is_unknown_and_the_rest_is_looked_at_all_the_same(int status, string state, string said)
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(DoctorWorld.File(DoctorWorld.Workflow("file: integration.yml")));
        await world.ControlAsync("PUT", "faults/api.error", new System.Text.Json.Nodes.JsonObject { ["status"] = status, ["route"] = "/actions/workflows" });

        var findings = await world.DoctorAsync("r");

        Assert.Equal(["ok", "ok", "ok", state], findings.Select(finding => finding.State));
        Assert.StartsWith(said, findings[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_of_change_is_never_known_yet_so_a_rule_that_asks_for_one_is_an_error()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(
            """
            version: 1
            rules:
              - name: r
                on: { model: { repositories: [acme/the-app], changes: [breaking, dangerous] } }
                do: [{ workflow: { repository: acme/the-tests, file: integration.yml } }]
            """);

        var finding = Assert.Single(await world.DoctorAsync("r"), finding => finding.State == "error");

        Assert.Equal("changes: [breaking, dangerous]", finding.Subject);
        Assert.Contains("does not start by it", finding.Message, StringComparison.Ordinal);
        Assert.Contains("Leave `changes` out in line 4", finding.Next, StringComparison.Ordinal);
    }
}
