using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Tests.Server.Rules;
using Xunit;

namespace Switchyard.Tests.Cli.Rules;

/// <summary>The commands against the real server and a simulated GitHub: from a file to a run, and why.</summary>
public sealed class RuleEndToEndTests
{
    private const string Rules =
        """
        version: 1
        rules:
          - name: by-hand
            on:
              manual: { repositories: [acme/the-app], inputs: [why] }
              push: { repositories: [acme/the-app], branches: [main] }
            do: [{ workflow: { repository: acme/the-tests, file: integration.yml, inputs: { sha: "${{ signal.sha }}" } } }]
            report: none

        """;

    [Fact]
    public async Task A_file_is_judged_put_in_force_started_explained_tried_and_taken_out_again()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite");
        await world.ControlAsync("PUT", "repositories/acme/the-tests/plan", new JsonObject { ["secondsQueued"] = 0, ["secondsRunning"] = 0 });
        using var scratch = new Scratch();
        scratch.Write("rules.yml", Rules);
        scratch.Write("wrong.yml", Rules.Replace("acme/the-tests", "acme/the-test", StringComparison.Ordinal));
        scratch.Write("less.yml", Rules.Replace("acme/the-app], branches: [main]", "acme/the-lib]", StringComparison.Ordinal));
        var run = new CommandRun
        {
            Folder = scratch.Folder,
            ["SWITCHYARD_URL"] = world.Server.Http.BaseAddress!.ToString(),
            ["SWITCHYARD_TOKEN"] = world.Server.Http.DefaultRequestHeaders.Authorization!.Parameter!,
        };
        async Task<string> OkAsync(string line, int code = ExitCode.Ok)
        {
            var outcome = await run.RunAsync(line.Split(' '));
            Assert.True(outcome.Code == code, $"{line}: {outcome.Code}\n{outcome.Out}\n{outcome.Error}");
            return outcome.Out;
        }

        Assert.Contains("switchyard admin target allow acme/the-tests", await OkAsync("rule check rules.yml --local", ExitCode.Findings), StringComparison.Ordinal);
        await OkAsync("admin target allow acme/*");
        Assert.Contains("Did you mean acme/the-tests?", await OkAsync("rule check wrong.yml --local", ExitCode.Findings), StringComparison.Ordinal);
        Assert.Contains("rules.yml in force as local rules \"mine\", revision 1.", await OkAsync("rule apply rules.yml --name mine"), StringComparison.Ordinal);
        Assert.Contains("\tby-hand\tmanual or push in acme/the-app\tworkflow integration.yml in acme/the-tests\tnever\tmine\n", await OkAsync("rule list"), StringComparison.Ordinal);
        Assert.Contains("\tmine\tLocal\tLoaded\t1\t", await OkAsync("rule sources"), StringComparison.Ordinal);
        Assert.DoesNotContain("failed\t", await OkAsync("doctor --rule by-hand"), StringComparison.Ordinal);

        var refused = await run.RunAsync("rule", "start", "by-hand", "--repo", "acme/the-lib");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("Rule \"by-hand\" is not started for acme/the-lib; it takes acme/the-app.", refused.Error, StringComparison.Ordinal);
        Assert.Contains(": completed success http", await OkAsync("rule start by-hand --repo acme/the-app --input why=release --wait"), StringComparison.Ordinal);
        var explained = await OkAsync("rule explain acme/the-app --rule by-hand");
        Assert.Contains("by-hand (mine): ✓ Matched: all conditions hold", explained, StringComparison.Ordinal);
        Assert.Contains("run completed success http", explained, StringComparison.Ordinal);
        Assert.Contains("\tMatched\tby-hand\tmanual\tacme/the-app@", await OkAsync("rule history by-hand --result matched"), StringComparison.Ordinal);
        Assert.Contains("Released\tby-hand\tacme/the-app@", await OkAsync("pending list"), StringComparison.Ordinal);
        Assert.Contains("by-hand (mine): ✓ Matched: all conditions hold", await OkAsync("rule explain p-1"), StringComparison.Ordinal);
        Assert.Contains("Id\t1\n", await OkAsync("dispatch view d-1"), StringComparison.Ordinal);

        await world.PushAsync("acme/the-app", "src/app.cs", "2");
        await world.DispatchedAsync(2);
        Assert.StartsWith("-\tby-hand\tacme/the-tests integration.yml\tacme/the-app\t", await OkAsync("rule test less.yml --local --name mine --exit-code", ExitCode.Findings), StringComparison.Ordinal);
        Assert.Equal("", await OkAsync("rule test rules.yml --local --name mine --exit-code"));

        await OkAsync("rule disable by-hand");
        Assert.Contains("\toff\tby-hand\t", await OkAsync("rule list"), StringComparison.Ordinal);
        Assert.Contains("1\tGood\t", await OkAsync("rule history --file mine"), StringComparison.Ordinal);
        await OkAsync("rule delete mine --yes");
        Assert.Equal("", await OkAsync("rule list"));
        await OkAsync("rule view by-hand", ExitCode.NotFound);
        await OkAsync("admin target remove acme/* --yes");
        Assert.Equal("", await OkAsync("admin target list"));
    }

    private static readonly (string Method, string Path, string Body, int Status, string Pointer)[] WrongBodies =
    [
        ("PUT", "/api/v1/rule-sources/local/x", "{}", 422, "/text"),
        ("POST", "/api/v1/rule-sources/check", "{}", 422, "/text"),
        ("POST", "/api/v1/rule-sources/test", """{"text":null}""", 422, "/text"),
        ("POST", "/api/v1/rule-sources/check", """{"text":"version: 1","kind":"Mine"}""", 422, "/kind"),
        ("POST", "/api/v1/rule-sources/check", """{"text":"version: 1","kind":"Central"}""", 422, "/source"),
        ("POST", "/api/v1/rule-sources/check", """{"text":"version: 1","provider":"nope"}""", 422, "/provider"),
        ("POST", "/api/v1/rule-sources/check", """{"text":5}""", 400, "/text"),
        ("POST", "/api/v1/rule-sources/test", """{"text":"version: 1","since":"soon"}""", 400, "/since"),
        ("POST", "/api/v1/rule-sources/check", "[]", 400, ""),
        ("POST", "/api/v1/rule-sources/check", "null", 400, ""),
        ("POST", "/api/v1/targets", "{}", 422, "/pattern"),
        ("POST", "/api/v1/targets", """{"patern":"acme/*"}""", 400, "/patern"),
        ("POST", "/api/v1/targets", """{"pattern":"acme"}""", 422, "/pattern"),
        ("POST", "/api/v1/rules/1/start", """{"inputs":{"why":5}}""", 400, "/inputs/why"),
        ("POST", "/api/v1/rules/1/start", """{"inputs":{"why":null}}""", 422, "/inputs/why"),
        ("POST", "/api/v1/rules/1/start", """{"inputs":{"who":"me"}}""", 422, "/inputs"),
        ("POST", "/api/v1/rules/1/start", "{}", 422, "/repository"),
    ];

    [Fact]
    public async Task A_body_that_is_wrong_is_refused_with_the_member()
    {
        await using var world = await SwitchWorld.StartAsync("sqlite", "version: 1\nrules:\n  - name: r\n    on: { manual: { repositories: [acme/the-app], inputs: [why] } }\n    do: [{ workflow: { repository: acme/the-tests, file: integration.yml } }]\n");
        await world.UntilAsync("/api/v1/rules", list => SwitchWorld.Items(list).Any());

        foreach (var (method, path, body, status, pointer) in WrongBodies)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
            using var answer = await world.Server.Http.SendAsync(request);

            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal((path, body, status, pointer), (path, body, (int)answer.StatusCode, problem["errors"]![0]!["pointer"]!.ToString()));
            Assert.NotEmpty(problem["detail"]!.ToString());
        }
    }
}
