using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Switchyard.Server.Access;
using Switchyard.Server.Panel;
using Switchyard.Tests.Infrastructure;
using Xunit;

namespace Switchyard.Tests.Server.Access;

/// <summary>Every route states who may use it, and keeps to it: the table is <c>routes.txt</c>, which a new route has to be written into.</summary>
public sealed class RouteTests
{
    private const string Anybody = "anybody";

    private static string Table => Path.Combine(SharedFolder.RepositoryRoot, "tests", "Switchyard.Tests", "Server", "Access", "routes.txt");

    [Fact]
    public async Task Every_route_states_its_role_as_the_table_has_it()
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var lines = Routes(server).Select(route => $"{route.Method,-6} {route.Pattern} {route.Role}").Order(StringComparer.Ordinal).ToList();

        // What to put into the table, once it is what is meant.
        await File.WriteAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "routes.actual.txt"), lines);
        Assert.All(Routes(server), route => Assert.True(route.Role is not null, $"{route.Method} {route.Pattern} does not say who may use it."));
        Assert.Equal(await File.ReadAllLinesAsync(Table), lines);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Admin)]
    public async Task Who_may_comes_in_and_nobody_else(Role? role)
    {
        await using var server = await ServerFixture.StartAsync("sqlite");
        var wrong = new List<string>();
        foreach (var route in Routes(server).Where(route => route.Role is not (null or Anybody)))
        {
            using var client = await ClientAsync(server, route, role);
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), Fill(route.Pattern));
            if (route.Method != "GET")
            {
                request.Content = route.IsPage ? new FormUrlEncodedContent([]) : new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            }

            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var status = (int)answer.StatusCode;
            var led = status == 302 && answer.Headers.Location!.ToString().StartsWith("/login?to=", StringComparison.Ordinal);
            var expected = role is null ? status == 401 || led : role < Enum.Parse<Role>(route.Role!) ? status == 403 : status is not (401 or 403 or 500) && !led;
            if (!expected)
            {
                wrong.Add($"{route.Method} {route.Pattern} ({route.Role}) answered {status} to {role?.ToString() ?? "nobody"}");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Pages take a session, which marks its forms; the rest takes a token.</summary>
    private static async Task<HttpClient> ClientAsync(ServerFixture server, Route route, Role? role)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Http.BaseAddress };
        if (role is null)
        {
            return client;
        }

        if (!route.IsPage)
        {
            var token = await server.Get<TokenStore>().CreateAsync($"walk-{role}", role.Value, null, CancellationToken.None);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
            return client;
        }

        var secret = await server.Database.WriteAsync(
            async session =>
            {
                var user = await session.ScalarAsync<long>("insert into users (login, role, created_at) values (@login, @role, 0) returning id", new { login = Guid.NewGuid().ToString(), role = role.ToString() });
                return (await server.Get<SessionStore>().OpenAsync(session, user, null)).Secret;
            },
            CancellationToken.None);
        client.DefaultRequestHeaders.Add("Cookie", $"{Session.CookieName}={secret}");
        client.DefaultRequestHeaders.Add(Session.CsrfHeader, Session.CsrfOf(secret));
        return client;
    }

    private static string Fill(string pattern) => string.Join('/', pattern.Split('/').Select(part => part switch
    {
        ['{', ..] when part.Contains(":long", StringComparison.Ordinal) => "999999",
        ['{', ..] => "x",
        _ => part,
    }));

    private static List<Route> Routes(ServerFixture server) =>
    [
        .. from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
           let pattern = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Text))))
           select new Route(method, pattern, RoleOf(endpoint), endpoint.Metadata.GetMetadata<PanelPage.Marker>() is not null || pattern == "/events"),
    ];

    private static string Text(RoutePatternPart part) => part is RoutePatternParameterPart parameter
        ? $"{{{parameter.Name}{string.Concat(parameter.ParameterPolicies.Select(policy => ":" + policy.Content))}}}"
        : ((RoutePatternLiteralPart)part).Content;

    /// <summary>The highest that is asked for, as all of them must be met; null where nothing is said.</summary>
    private static string? RoleOf(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return Anybody;
        }

        var roles = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(rule => Enum.Parse<Role>(rule.Policy!)).ToList();
        return roles.Count > 0 ? roles.Max().ToString() : null;
    }

    private sealed record Route(string Method, string Pattern, string? Role, bool IsPage);
}
