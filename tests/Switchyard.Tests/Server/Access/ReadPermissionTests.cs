using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Switchyard.Server.Access;
using Switchyard.Server.SignIn;
using Switchyard.Server.Storage;
using Switchyard.Tests.Infrastructure;
using Xunit;
using static Switchyard.Tests.Server.Access.ReadWorld;

namespace Switchyard.Tests.Server.Access;

/// <summary>With <c>Access:ReadPermission=github</c> viewers read what GitHub lets them read, for as long as it does.</summary>
public sealed class ReadPermissionTests
{
    private static readonly string[] OfAnn = [Open, Public, "acme/.github"];

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_is_taken_away_is_hidden_at_once_and_what_is_given_is_shown_once_GitHub_was_asked(string kind)
    {
        await using var world = await StartAsync(kind);
        using var ann = await world.SignInAsync("ann");
        await world.SeesAsync(ann.Http, OfAnn);

        // An event alone gives nothing: GitHub does not say that she may read it.
        await world.TellAsync("member", await world.MemberAsync("added", Sealed, "ann"));
        await world.UntilAsync("/api/v1/deliveries?event=member", list => Items(list).All(item => Text(item, "state") == "Handled") && Items(list).Any());
        Assert.DoesNotContain(Sealed, await world.RepositoriesAsync(ann.Http));
        await world.Flow.ControlAsync("PUT", $"repositories/{Sealed}/collaborators/ann", new JsonObject());
        await world.TellAsync("member", await world.MemberAsync("added", Sealed, "ann"));
        await world.SeesAsync(ann.Http, [.. OfAnn, Sealed]);

        // While GitHub cannot be asked, what there is a doubt about is hidden.
        await world.Flow.ControlAsync("PUT", "faults/api.error", new JsonObject { ["route"] = "/permission", ["status"] = 503 });
        await world.TellAsync("member", await world.MemberAsync("removed", Sealed, "ann"));
        await world.SeesAsync(ann.Http, OfAnn);
        await world.Flow.ControlAsync("DELETE", "faults");

        // A team is gone, and with it what it gave.
        await world.Flow.ControlAsync("DELETE", $"repositories/{Open}/collaborators/ann");
        await world.TellAsync("team", new JsonObject { ["action"] = "deleted", ["team"] = new JsonObject { ["slug"] = "data" }, ["organization"] = new JsonObject { ["login"] = "acme" } });
        await world.UntilAsync("/api/v1/deliveries?event=team", list => Items(list).All(item => Text(item, "state") == "Handled") && Items(list).Any());
        Assert.DoesNotContain(Open, await world.RepositoriesAsync(ann.Http));
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_was_lost_without_a_word_is_noticed_with_the_next_look_and_who_has_left_is_out_at_once(string kind)
    {
        await using var world = await StartAsync(kind);
        using var ann = await world.SignInAsync("ann");
        await world.SeesAsync(ann.Http, OfAnn);

        await world.Flow.ControlAsync("DELETE", $"repositories/{Open}/collaborators/ann");
        await world.Server.Get<CheckMemberships>().RunAsync(CancellationToken.None);
        await world.SeesAsync(ann.Http, Public, "acme/.github");

        // What was public is nobody's when it becomes private.
        await world.Flow.ControlAsync("POST", $"repositories/{Public}/privatize");
        await world.SeesAsync(ann.Http, "acme/.github");

        await world.TellAsync("organization", new JsonObject
        {
            ["action"] = "member_removed",
            ["membership"] = new JsonObject { ["user"] = (await world.MemberAsync("removed", Open, "ann"))["member"]!.DeepClone() },
            ["organization"] = new JsonObject { ["login"] = "acme" },
        });
        await world.UntilAsync("/api/v1/deliveries?event=organization", list => Items(list).Any(item => Text(item, "state") == "Handled"));
        await ann.GetAsync("/repositories", 302);
    }

    [Fact]
    public async Task What_GitHub_said_too_long_ago_or_could_not_say_counts_for_nothing_and_the_page_says_what_to_do()
    {
        await using var world = await StartAsync("sqlite");
        using var ann = await world.SignInAsync("ann");
        Assert.Null((await ann.GetAsync("/repositories")).QuerySelector("#main .alert-warning"));

        await world.Server.Database.WriteAsync(session => session.ExecuteAsync("update users set readable_at = readable_at - 8 * 3600000 where login = 'ann'"), CancellationToken.None);
        await world.SeesAsync(ann.Http, Public);
        var advice = (await ann.GetAsync("/repositories?q=a")).QuerySelector("#main .alert-warning")!;
        Assert.Contains("too long ago", advice.TextContent, StringComparison.Ordinal);
        Assert.Equal("/login?to=%2Frepositories%3Fq%3Da", advice.QuerySelector("a")!.GetAttribute("href"));
        Assert.NotNull((await ann.GetAsync("/login?to=%2Frepositories")).QuerySelector("a[href^='/login/acme-models']"));
        using (var answer = await ann.Http.GetAsync(new Uri("/api/v1/repositories", UriKind.Relative)))
        {
            Assert.Equal("stale", answer.Headers.GetValues("Switchyard-Read-Permission").Single());
        }

        await world.SignInAsync(ann, "ann");
        await world.SeesAsync(ann.Http, OfAnn);

        await world.Flow.ControlAsync("PUT", "faults/api.error", new JsonObject { ["route"] = "/user/installations", ["status"] = 500 });
        await world.SignInAsync(ann, "ann");
        await world.SeesAsync(ann.Http, Public);
        Assert.Contains("could not be asked", (await ann.GetAsync("/")).QuerySelector("#main .alert-warning")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_and_who_is_not_of_GitHub_see_everything_and_a_token_sees_what_its_person_sees()
    {
        await using var world = await StartAsync("sqlite");
        using var ann = await world.SignInAsync("ann");
        using var local = await world.Server.SignInAsync(Role.Viewer);
        var id = await world.Server.Database.ReadAsync(session => session.ScalarAsync<long>("select id from users where login = 'ann'"), CancellationToken.None);
        using var ofAnn = await WithTokenAsync(world, new TokenOwner("ann", id));
        using var ofNobody = await WithTokenAsync(world, null);

        await world.SeesAsync(ann.Http, OfAnn);
        await world.SeesAsync(ofAnn, OfAnn);
        Assert.Contains(Sealed, await world.RepositoriesAsync(local.Http));
        Assert.Contains(Sealed, await world.RepositoriesAsync(ofNobody));

        await world.Server.Database.WriteAsync(session => session.ExecuteAsync("update users set role = 'Operator' where login = 'ann'"), CancellationToken.None);
        Assert.Contains(Sealed, await world.RepositoriesAsync(ann.Http));
        Assert.Contains(Sealed, await world.RepositoriesAsync(ofAnn));
    }

    [Theory, MemberData(nameof(TestDatabases.All), MemberType = typeof(TestDatabases))]
    public async Task Somebody_has_said_of_every_table_what_of_it_may_be_seen(DatabaseKind kind)
    {
        // Of these nothing: who may come in, what was done, and what is about no repository.
        string[] hidden =
        [
            "access_grants", "api_tokens", "audit", "delivery_log_checkpoints", "installation_requests", "provider_registrations", "reach_key", "readable_repositories", "sessions", "sign_in_links", "targets", "users", "vault_leftovers",
        ];
        await using var place = await TestDatabase.CreateAsync(kind);
        var tables = await place.Database.ReadAsync(
            session => session.QueryAsync<string>(kind == DatabaseKind.Sqlite ? "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'" : "select tablename::text from pg_tables where schemaname = current_schema()"),
            CancellationToken.None);

        Assert.Equal(tables.Order(StringComparer.Ordinal), ReadViews.Named.Concat(hidden).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_permission_that_there_is_not_stops_the_start()
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => ServerFixture.StartAsync("sqlite", new Dictionary<string, string?> { ["Access:ReadPermission"] = "gihub" }));
        Assert.Contains("Access:ReadPermission must be everything or github.", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpClient> WithTokenAsync(ReadWorld world, TokenOwner? owner)
    {
        var (token, _) = await world.Server.Get<TokenStore>().CreateAsync("reads", Role.Viewer, null, owner, CancellationToken.None);
        var client = new HttpClient { BaseAddress = world.Server.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
