using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Switchyard.Server.Panel;
using Switchyard.Tests.Server.Repositories;
using Xunit;

namespace Switchyard.Tests.Server.Security;

/// <summary>Whatever is put into a filter or a path is a value: it never fails the server, never becomes SQL, and never becomes a page.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Values = ["' or 1=1 --", "'; drop table repositories; --", "\"><script>alert(1)</script>", "../../../../etc/passwd", "a\0b", "%", "_", "\\", "\ud800", "\r\nX-Evil: 1", new string('a', 3000), "-1", "99999999999999999999", "{}", "*?["];

    [Theory, MemberData(nameof(ServerFixture.Databases), MemberType = typeof(ServerFixture))]
    public async Task Every_filter_of_every_list_takes_anything_for_a_value(string kind)
    {
        await using var hub = await Hub.StartAsync(kind, ("shop.avsc", "\"int\""));
        using var browser = await hub.Server.SignInAsync();
        var failed = new List<string>();
        foreach (var (path, name) in await FiltersAsync(hub.Server))
        {
            foreach (var value in Values)
            {
                using var answer = await browser.Http.GetAsync(new Uri($"{path}?{name}={Escape(value)}", UriKind.Relative));
                var page = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode >= 500 || answer.Headers.Contains("X-Evil") || (answer.Content.Headers.ContentType?.MediaType == "text/html" && page.Contains("<script>alert", StringComparison.Ordinal)))
                {
                    failed.Add($"{(int)answer.StatusCode} {path}?{name}={value}");
                }
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.Equal(1, (await hub.GetAsync("/api/v1/repositories")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Every_part_of_a_path_takes_anything_for_a_value()
    {
        await using var hub = await Hub.StartAsync("sqlite", ("shop.avsc", "\"int\""));
        using var browser = await hub.Server.SignInAsync();
        var failed = new List<string>();
        foreach (var route in Routes(hub.Server).Where(route => route.Parameters.Count > 0))
        {
            foreach (var value in Values)
            {
                var path = route.Parameters.Aggregate(route.Path, (text, name) => text.Replace($"{{{name}}}", Escape(value), StringComparison.Ordinal));
                using var answer = await browser.Http.GetAsync(new Uri(path, UriKind.Relative));
                if ((int)answer.StatusCode >= 500)
                {
                    failed.Add($"{(int)answer.StatusCode} {path}");
                }
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    private static string Escape(string value) => value == "\ud800" ? "%ED%A0%80" : Uri.EscapeDataString(value);

    /// <summary>The filters that the API describes, at the API and at the pages that show the same lists.</summary>
    private static async Task<List<(string Path, string Name)>> FiltersAsync(ServerFixture server)
    {
        var document = await server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var filters = new List<(string, string)>();
        var pages = Routes(server).Where(route => route.IsPage && route.Parameters.Count == 0).Select(route => route.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(path => !path.Name.Contains('{', StringComparison.Ordinal)))
        {
            if (path.Value.TryGetProperty("get", out var get) && get.TryGetProperty("parameters", out var parameters))
            {
                foreach (var name in parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!))
                {
                    filters.Add((path.Name, name));
                    if (path.Name.Replace("/api/v1", "", StringComparison.Ordinal) is var page && pages.Contains(page))
                    {
                        filters.Add((page, name));
                    }
                }
            }
        }

        filters.AddRange(pages.SelectMany(page => new[] { (page, "q"), (page, "tab"), (page, "unknown") }));
        Assert.True(filters.Count > 60, $"Only {filters.Count} filters were found.");
        return filters;
    }

    private static IEnumerable<(string Path, List<string> Parameters, bool IsPage)> Routes(ServerFixture server) =>
        from endpoint in server.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
        let path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part is RoutePatternParameterPart { Name: var name } ? $"{{{name}}}" : ((RoutePatternLiteralPart)part).Content))))
        where path != "/events"
        select (path, endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToList(), endpoint.Metadata.GetMetadata<PanelPage.Marker>() is not null);
}
