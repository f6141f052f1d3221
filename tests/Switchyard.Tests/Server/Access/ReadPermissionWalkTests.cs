using System.Globalization;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Switchyard.Server.Access;
using Xunit;
using static Switchyard.Tests.Server.Access.ReadWorld;

namespace Switchyard.Tests.Server.Access;

/// <summary>
/// Asks everything that the running server can be asked, with the eyes of a person who may not read one of its repositories. The routes
/// and what they take are the server's own, so that a new one is asked as well.
/// </summary>
public sealed class ReadPermissionWalkTests
{
    /// <summary>Where what an id below a path means is kept.</summary>
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["models"] = "models m where m.repository_id = @repository",
        ["repositories"] = "repositories r where r.id = @repository",
        ["syncs"] = "syncs s where s.repository_id = @repository",
        ["operations"] = "syncs s where s.repository_id = @repository",
        ["deliveries"] = "deliveries d where d.repository_id = @github",
        ["signals"] = "signals s where s.github_repository_id = @github",
        ["evaluations"] = "evaluations e where e.signal_id in (select id from signals where github_repository_id = @github)",
        ["pendings"] = "pendings q where q.id in (select pending_id from pending_sources where github_repository_id = @github)",
        ["pending"] = "pendings q where q.id in (select pending_id from pending_sources where github_repository_id = @github)",
        ["dispatches"] = "dispatches d where d.github_repository_id = @github or d.target_github_id = @github",
        ["rules"] = "rules u where u.source_id in (select id from rule_sources where repository_id = @repository)",
        ["rule-sources"] = "rule_sources s where s.repository_id = @repository",
    };

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task No_answer_of_any_route_tells_of_a_repository_that_the_person_may_not_read(string kind)
    {
        await using var world = await StartAsync(kind, withActivity: true);
        using var ann = await world.SignInAsync("ann");
        using var all = await world.Server.SignInAsync(Role.Operator);
        var secret = await SecretAsync(world);
        var (leaks, told, asked) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), 0);

        foreach (var route in Routes(world.Server))
        {
            foreach (var (path, given, isHidden) in PathsOf(route, secret))
            {
                asked++;
                var (status, text) = await AskAsync(ann.Http, path, given);
                var found = secret.Words.FirstOrDefault(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
                if (found is not null)
                {
                    leaks.Add($"{path} tells of {found}: {Around(text, found)}");
                }

                if (status is HttpStatusCode.InternalServerError || (isHidden && status != HttpStatusCode.NotFound))
                {
                    leaks.Add($"{path} answers {(int)status}");
                }

                // The same question by somebody who sees everything: there is something that could have been told.
                if (!told.Contains(route.Pattern) && (await AskAsync(all.Http, path, given)).Text is var whole && secret.Words.Any(word => whole.Contains(word, StringComparison.OrdinalIgnoreCase)))
                {
                    told.Add(route.Pattern);
                }
            }
        }

        Assert.Empty(leaks);
        Assert.True(asked > 500, $"Only {asked} questions were asked.");

        // These have nothing of one repository; the others had something to tell, so the walk would have noticed.
        string[] silent = ["/api/v1/installations", "/api/v1/providers", "/api/v1/providers/requests", "/api/v1/providers/{provider}", "/events", .. Refused];
        var untold = Routes(world.Server).Select(route => route.Pattern).Except(told).Except(silent).ToList();
        Assert.True(untold.Count == 0, $"What the walk asks of these tells nobody anything: {string.Join(", ", untold)}");
    }

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task What_the_person_may_read_is_there_with_all_that_belongs_to_it(string kind)
    {
        await using var world = await StartAsync(kind, withActivity: true);
        using var ann = await world.SignInAsync("ann");

        foreach (var path in (string[])["/api/v1/models", "/api/v1/syncs", "/api/v1/deliveries", "/api/v1/signals", "/api/v1/evaluations", "/api/v1/pendings", "/api/v1/dispatches", "/api/v1/models/search?q=paper_more", "/search?q=paper_more", "/", "/models", "/repositories", "/deliveries", "/signals", "/dispatches", "/pending", "/rules"])
        {
            var text = await ann.Http.GetStringAsync(new Uri(path, UriKind.Relative));
            Assert.True(text.Contains(path.EndsWith("rules", StringComparison.Ordinal) ? "for-each" : "open-book", StringComparison.Ordinal), $"{path}: {text}");
        }

        foreach (var path in Refused)
        {
            using var answer = await ann.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        // What came meanwhile does not make what is kept for everybody smaller.
        Assert.Equal(3, Items(await world.UntilAsync("/api/v1/rules", _ => true)).Count());
    }

    /// <summary>These tell of everything, so they are for who may read everything.</summary>
    private static readonly string[] Refused = ["/metrics", "/api/v1/rules/doctor"];

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient client, string path, string[] given)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var text = answer.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync();

        // What was asked for may be said back.
        return (answer.StatusCode, given.OrderByDescending(word => word.Length).Aggregate(WebUtility.HtmlDecode(text), (left, word) =>
            left.Replace(Uri.EscapeDataString(word), "", StringComparison.OrdinalIgnoreCase).Replace(word, "", StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<(string Path, string[] Given, bool IsHidden)> PathsOf(Route route, Secret secret)
    {
        var paths = new List<(string Path, string[] Given, bool IsHidden)>();
        if (route.Pattern.Contains("{id:long}", StringComparison.Ordinal))
        {
            var segments = route.Pattern.Split('/');
            var of = segments[Array.IndexOf(segments, "{id:long}") - 1];
            Assert.True(secret.Ids.ContainsKey(of), $"{route.Pattern}: say in Tables where what this id means is kept.");
            Assert.NotEmpty(secret.Ids[of]);
            paths.AddRange(secret.Ids[of].Select(id => Named(route.Pattern.Replace("{id:long}", Number(id), StringComparison.Ordinal))).Select(path => (path, GivenIn(path), true)));
        }
        else
        {
            var named = Named(route.Pattern);
            paths.Add((named, GivenIn(named), named.Contains(Word, StringComparison.Ordinal)));
        }

        foreach (var (path, given, isHidden) in paths)
        {
            yield return (path, given, isHidden);
            foreach (var parameter in route.Parameters)
            {
                foreach (var value in secret.ValuesOf(parameter))
                {
                    yield return ($"{path}?{parameter.Name}={Uri.EscapeDataString(value)}", [.. given, value, .. value.Split('/')[1..]], false);
                }
            }
        }

        string Named(string pattern) => pattern.Replace("{provider}", "acme-models", StringComparison.Ordinal).Replace("{owner}", "acme", StringComparison.Ordinal)
            .Replace("{name}", Sealed.Split('/')[1], StringComparison.Ordinal).Replace("{**path}", secret.Path, StringComparison.Ordinal).Replace("{version}", "1", StringComparison.Ordinal);
    }

    /// <summary>What a path says, and so may be said back.</summary>
    private static string[] GivenIn(string path) => [.. new[] { Sealed, Sealed.Split('/')[1], $"{Word}.hck.json" }.Where(word => path.Contains(word.Split('/')[^1], StringComparison.Ordinal))];

    private static async Task<Secret> SecretAsync(ReadWorld world) => await world.Server.Database.ReadAsync(
        async session =>
        {
            var repository = await session.ScalarAsync<long>($"select id from repositories where name = '{Sealed.Split('/')[1]}'");
            var github = await session.ScalarAsync<long>("select github_id from repositories where id = @repository", new { repository });
            var ids = new Dictionary<string, List<long>>(StringComparer.Ordinal);
            foreach (var (of, from) in Tables)
            {
                ids[of] = await session.QueryAsync<long>($"select {from.Split(' ')[1]}.id from {from}", new { repository, github });
            }

            var commits = await session.QueryAsync<string>("select sha from commits where repository_id = @repository union select sha from signals where github_repository_id = @github", new { repository, github });
            return new Secret(ids, commits[0], $"{Word}.hck.json", [Word, .. commits.Select(sha => sha[..10])]);
        },
        CancellationToken.None);

    private static IEnumerable<Route> Routes(ServerFixture server) =>
        from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        where endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().All(rule => rule.Policy == nameof(Role.Viewer))
        select new Route(
            "/" + endpoint.RoutePattern.RawText!.Trim('/'),
            [.. (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []).Where(parameter => parameter.ParameterType == typeof(string) || parameter.ParameterType == typeof(long?) || parameter.ParameterType == typeof(int?))
                .Where(parameter => !endpoint.RoutePattern.Parameters.Any(part => part.Name == parameter.Name))]);

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Around(string text, string word)
    {
        var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 80)..Math.Min(text.Length, at + 80)].ReplaceLineEndings(" ");
    }

    private sealed record Route(string Pattern, IReadOnlyList<ParameterInfo> Parameters);

    private sealed record Secret(Dictionary<string, List<long>> Ids, string Sha, string Path, string[] Words)
    {
        /// <summary>What somebody might try: ids of something hidden, one of each kind, and names.</summary>
        public IEnumerable<string> ValuesOf(ParameterInfo parameter) =>
            Ids.Values.Select(ids => ids[0]).Distinct().Order().Select(Number).Concat(parameter.ParameterType == typeof(string) ? [Sealed, "sealed", Sha, Sha[..10]] : Array.Empty<string>());
    }
}
