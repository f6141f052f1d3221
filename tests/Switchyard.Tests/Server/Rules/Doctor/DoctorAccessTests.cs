using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Switchyard.Tests.Cli;
using Xunit;

namespace Switchyard.Tests.Server.Rules.Doctor;

/// <summary>What the doctor says of installations, permissions and events.</summary>
public sealed class DoctorAccessTests
{
    private const string Everything =
        """
        version: 1
        rules:
          - name: all
            on:
              push: { repositories: [acme/the-app] }
              pull_request: { repositories: [acme/the-app] }
              release: { repositories: [acme/the-app] }
            checks: { require: success }
            do:
              - workflow: { repository: acme/the-tests, file: integration.yml }
              - dispatch: { repository: acme/the-tests, event_type: upstream-changed }
        """;

    [Fact]
    public async Task Each_permission_that_is_missing_is_told_with_what_it_is_for_and_where_it_is_granted()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(Everything);
        await GrantAsync(world, """{"contents":"read","metadata":"read"}""");

        var missing = (await world.DoctorAsync("all")).Where(finding => finding.Subject.StartsWith("acme/", StringComparison.Ordinal)).Select(finding => (finding.Subject, finding.State, finding.Message, finding.Next)).ToList();

        Assert.Equal(
            [
                ("acme/the-app", "error", "*Checks: read*"),
                ("acme/the-app", "error", "*Statuses: read*"),
                ("acme/the-app", "warning", "*Checks: write*"),
                ("acme/the-app", "error", "*Pull requests: read*"),
                ("acme/the-tests", "error", "*Actions: write*"),
                ("acme/the-tests", "warning", "*Actions: read*"),
                ("acme/the-tests", "error", "*Contents: write*"),
            ],
            missing.Select(finding => (finding.Subject, finding.State, finding.Message.Split(" lacks ")[1].Split(" on ")[0])));
        Assert.All(missing, finding => Assert.Contains("and have an owner of acme approve it.", finding.Next, StringComparison.Ordinal));
        Assert.All(missing, finding => Assert.Contains("/settings/apps/switch/permissions", finding.Next, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_App_itself_does_not_ask_for_is_told_first_with_the_rules_that_need_it()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(Everything + "\n" + DoctorWorld.Workflow("file: integration.yml", "other"));
        var good = (await world.DoctorAsync())[0];
        await world.ControlAsync("PUT", "apps/switch/permissions", new JsonObject { ["contents"] = "write", ["metadata"] = "read", ["actions"] = "read", ["checks"] = "read", ["statuses"] = "read", ["pull_requests"] = "read" });

        var findings = (await world.DoctorAsync()).TakeWhile(finding => finding.Rule is null).ToList();

        Assert.Equal(("permissions of the App switch", "ok", "It asks for all that the rules need: actions: write, checks: write, contents: write, pull_requests: read, statuses: read."), (good.Subject, good.State, good.Message));
        Assert.Equal(["error", "warning"], findings.Select(finding => finding.State));
        Assert.Equal("It does not ask for *Actions: write*, which all, other need: GitHub refuses to start anything there.", findings[0].Message);
        Assert.StartsWith("It does not ask for *Checks: write*, which all needs: ", findings[1].Message, StringComparison.Ordinal);
        Assert.Contains("/settings/apps/switch/permissions", findings[0].Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_read_where_not_even_contents_are_granted()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(DoctorWorld.File(DoctorWorld.Workflow("file: integration.yml")));
        await GrantAsync(world, """{"actions":"write","metadata":"read"}""");

        var findings = await world.DoctorAsync("r");

        Assert.Contains(findings, finding => finding.Subject == "acme/the-app" && finding.State == "error" && finding.Message.Contains("*Contents: read*", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Subject == "acme/the-tests integration.yml" && finding.State == "unknown");
    }

    [Fact]
    public async Task A_source_that_is_not_there_not_linked_renamed_or_meant_by_no_repository_is_told()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.AddRepositoryAsync("acme/old-name", ("a", "1"));
        await world.UntilAsync("/api/v1/repositories", list => SwitchWorld.Items(list).Any(item => SwitchWorld.Text(item, "fullName") == "acme/old-name"));
        await world.ApplyAsync(DoctorWorld.File(
            DoctorWorld.Workflow("file: integration.yml", "absent", "acme/absent"),
            DoctorWorld.Workflow("file: integration.yml", "nobody", "other/*"),
            DoctorWorld.Workflow("file: integration.yml", "renamed", "acme/old-name"),
            DoctorWorld.Workflow("file: integration.yml", "unlinked", "acme/the-lib")));
        await world.ControlAsync("POST", "repositories/acme/old-name/rename", new JsonObject { ["name"] = "new-name" });
        await world.UntilAsync("/api/v1/repositories", list => SwitchWorld.Items(list).Any(item => SwitchWorld.Text(item, "fullName") == "acme/new-name"));
        var library = SwitchWorld.Items(await world.GetAsync("/api/v1/repositories")).Single(item => SwitchWorld.Text(item, "fullName") == "acme/the-lib");
        await world.SendAsync(HttpMethod.Delete, "/api/v1/repositories/" + SwitchWorld.Text(library, "id"), null, HttpStatusCode.Accepted);

        async Task<(string, string, string)> AboutAsync(string rule)
        {
            var finding = (await world.DoctorAsync(rule)).Single(one => one.Rule is not null && one.Subject != "events of the App switch" && !one.Subject.StartsWith("acme/the-tests", StringComparison.Ordinal));
            return (finding.State, finding.Message, finding.Next!);
        }

        var (state, message, next) = await AboutAsync("absent");
        Assert.Equal("error", state);
        Assert.Contains("cannot see acme/absent", message, StringComparison.Ordinal);
        Assert.Contains("/apps/switch/installations/new", next, StringComparison.Ordinal);
        (state, message, next) = await AboutAsync("nobody");
        Assert.Equal(("warning", "No linked repository matches other/*, so the rule never starts by it."), (state, message));
        (state, message, next) = await AboutAsync("renamed");
        Assert.Equal(("error", "It is called acme/new-name now, and rules go by the name."), (state, message));
        (state, message, next) = await AboutAsync("unlinked");
        Assert.Equal("error", state);
        Assert.Contains("is not linked here", message, StringComparison.Ordinal);
        Assert.Equal("Link it: switchyard repo link acme/the-lib --provider switch", next);
    }

    [Fact]
    public async Task A_suspended_installation_a_target_that_is_gone_and_one_no_longer_allowed_are_told()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(DoctorWorld.File(DoctorWorld.Workflow("file: integration.yml")));
        var target = SwitchWorld.Text(SwitchWorld.Items(await world.GetAsync("/api/v1/targets")).Single(), "id");
        var installation = (await world.ControlAsync("GET", "installations"))!.AsArray()[0]!["id"]!.ToString();

        await world.Server.Database.WriteAsync(session => session.ExecuteAsync("delete from targets where id = @id", new { id = long.Parse(target!) }), CancellationToken.None);
        await world.Server.Database.WriteAsync(session => session.ExecuteAsync("update rule_generation set generation = generation + 1"), CancellationToken.None);
        var refused = (await world.DoctorAsync("r"))[^1];
        Assert.Equal(("acme/the-tests", "error", "No administrator has allowed rules to start things in acme/the-tests."), (refused.Subject, refused.State, refused.Message));
        Assert.Contains("switchyard admin target allow acme/the-tests", refused.Next, StringComparison.Ordinal);

        await world.SendAsync(HttpMethod.Post, "/api/v1/targets", new { pattern = "acme/*" }, HttpStatusCode.Created);
        await world.ControlAsync("POST", $"installations/{installation}/repositories", new JsonObject { ["remove"] = new JsonArray("acme/the-tests") });
        await world.UntilAsync("/api/v1/repositories", list => !SwitchWorld.Items(list).Any(item => SwitchWorld.Text(item, "fullName") == "acme/the-tests" && SwitchWorld.Text(item, "health") == "Healthy"));
        var gone = (await world.DoctorAsync("r"))[^1];
        Assert.Equal(("acme/the-tests", "error"), (gone.Subject, gone.State));
        Assert.Contains("cannot see acme/the-tests", gone.Message, StringComparison.Ordinal);

        await world.ControlAsync("POST", $"installations/{installation}/suspend");
        await world.UntilAsync("/api/v1/installations", list => SwitchWorld.Items(list).Any(item => SwitchWorld.Text(item, "state") == "Suspended"));
        Assert.Contains(await world.DoctorAsync("r"), finding => finding.Subject == "acme/the-app" && finding.State == "error" && finding.Message.Contains("suspended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_that_the_App_is_not_subscribed_to_are_errors_where_nothing_else_tells()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", events: ["push", "repository", "workflow_run", "check_run", "check_suite", "status"]);
        await world.ApplyAsync(Everything);

        var findings = (await world.DoctorAsync("all")).Where(finding => finding.Subject == "events of the App switch").ToList();

        Assert.Equal(["error", "error", "warning"], findings.Select(finding => finding.State));
        Assert.StartsWith("The App is not subscribed to `pull_request`, by which alone a pull request is told", findings[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("The App is not subscribed to `release`", findings[1].Message, StringComparison.Ordinal);
        Assert.Equal("The App is not subscribed to `workflow_dispatch`, `repository_dispatch`: that is found by polling, which is later.", findings[2].Message);
        Assert.All(findings, finding => Assert.Contains("Subscribe to ", finding.Next, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_webhook_pull_requests_start_nothing_and_pushes_are_found_by_polling()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", events: []);
        await world.ApplyAsync(Everything.Replace("      release: { repositories: [acme/the-app] }\n", "", StringComparison.Ordinal));
        await world.ApplyAsync(DoctorWorld.File(DoctorWorld.Workflow("file: integration.yml", "by-push")), "more");

        var pull = (await world.DoctorAsync("all"))[1];
        var push = (await world.DoctorAsync("by-push"))[1];

        Assert.Equal("error", pull.State);
        Assert.StartsWith("The App has no webhook, and a pull request is told by `pull_request` alone", pull.Message, StringComparison.Ordinal);
        Assert.Contains("--public-url", pull.Next, StringComparison.Ordinal);
        Assert.Equal(("ok", "The App has no webhook; what the rule needs is found by polling."), (push.State, push.Message));
    }

    [Fact]
    public async Task A_broken_file_and_a_rule_that_is_off_are_told_and_a_rule_that_is_none_is_not_found()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ApplyAsync(DoctorWorld.File(DoctorWorld.Workflow("file: integration.yml").Replace("    report:", "    enabled: false\n    report:", StringComparison.Ordinal)));
        await world.RulesAsync("version: 1\nrools: []\n", "Broken");

        var findings = await world.DoctorAsync();
        using var none = await world.Server.Http.GetAsync("/api/v1/rules/doctor?rule=nope");

        Assert.Equal(2, findings.Count);
        Assert.Equal(("acme/.github switchyard.yml", "error", null), (findings[0].Subject, findings[0].State, findings[0].Rule));
        Assert.StartsWith("It has 2 errors. The first is in line 1: ", findings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith(". None of its rules is in force.", findings[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(("rule", "unknown"), (findings[1].Subject, findings[1].State));
        Assert.StartsWith("switchyard rule enable ", findings[1].Next, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.True((await world.DoctorAsync("r")).Count > 2, "A rule that is named is looked at although it is off.");
    }

    [Theory]
    [InlineData("disabled_manually", false)]
    [InlineData("active", true)]
    public async Task With_a_token_what_it_may_is_not_known_and_a_workflow_that_is_off_is_told(string state, bool hook)
    {
        const string File = "on: { workflow_dispatch: { inputs: { switchyard_id: {} } } }\n";
        const string Repository = """{"id":ID,"name":"NAME","full_name":"acme/NAME","owner":{"id":9,"login":"acme"},"private":true,"default_branch":"main"}""";
        await using var github = await FakeServer.StartAsync();
        github.On("GET /user/repos", $"[{Repository.Replace("ID", "71", StringComparison.Ordinal).Replace("NAME", "the-app", StringComparison.Ordinal)}]").On("GET /repos/acme/the-tests/contents/.github/workflows/a.yml", _ => new FakeAnswer(File))
            .On("GET /repos/acme/the-tests/actions/workflows/a.yml", $$"""{"id":1,"name":"a","path":".github/workflows/a.yml","state":"{{state}}","html_url":"https://github.test/a"}""");
        await using var server = await ServerFixture.StartAsync("sqlite");
        await PostAsync(server, "/api/v1/providers", new { name = "token", apiUrl = github.Url, webUrl = github.Url, token = "github_pat_of_the_tests" });
        foreach (var (id, name) in (List<(string, string)>)[("71", "the-app"), ("72", "the-tests")])
        {
            github.On("GET /repos/acme/" + name, Repository.Replace("ID", id, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal));
            await PostAsync(server, "/api/v1/repositories", new { provider = "token", repository = "acme/" + name });
        }

        if (hook)
        {
            await server.Database.WriteAsync(session => session.ExecuteAsync("insert into repository_hooks (provider_id, name, created_at) select id, 'acme/the-app', 1 from providers"), CancellationToken.None);
        }

        await PostAsync(server, "/api/v1/targets", new { pattern = "acme/*" });
        using var put = await server.Http.PutAsJsonAsync(
            "/api/v1/rule-sources/local/local",
            new { text = "version: 1\nrules:\n  - name: r\n    on: { pull_request: { repositories: [acme/the-app] } }\n    do: [{ workflow: { repository: acme/the-tests, file: a.yml } }]\n" });
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        var findings = (await server.Http.GetFromJsonAsync<List<Found>>("/api/v1/rules/doctor"))!;

        Assert.Equal(3, findings.Count);
        Assert.Equal(("events of the token of token", hook ? "unknown" : "error"), (findings[0].Subject, findings[0].State));
        Assert.Contains(hook ? "set up by hand" : "A token gets no deliveries", findings[0].Message, StringComparison.Ordinal);
        Assert.Equal(("acme/the-app", "ok", "It is seen; what the token may do, GitHub does not tell."), (findings[1].Subject, findings[1].State, findings[1].Message));
        Assert.Equal(hook ? ("ok", "It can be started on main, takes the inputs and our id.", null) : ("error", "It is switched off (disabled_manually).", "Enable it on GitHub: https://github.test/a"), (findings[2].State, findings[2].Message, findings[2].Next));
    }

    private static Task<int> GrantAsync(SwitchWorld world, string permissions) =>
        world.Server.Database.WriteAsync(session => session.ExecuteAsync("update installations set permissions = @permissions", new { permissions }), CancellationToken.None);

    private static async Task PostAsync(ServerFixture server, string path, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
