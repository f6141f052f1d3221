using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Switchyard.Simulator.Http;

/// <summary>GitHub's page and per_page with the Link header.</summary>
internal static class Paging
{
    public static int PerPage(Call call) => Math.Min(100, call.QueryNumber("per_page", 30));

    public static int Page(Call call) => call.QueryNumber("page", 1);

    /// <summary>One page of a list as a JSON array, with its Link header; <paramref name="wrap"/> puts it into an object.</summary>
    public static Answer List<T>(Call call, World world, IReadOnlyList<T> all, Func<T, JsonNode> render, Func<JsonArray, int, JsonNode>? wrap = null)
    {
        var shown = world.Faults.Find("api.listCap") is { } cap ? [.. all.Take(cap.Int("count", 1000))] : all;
        var per = PerPage(call);
        var page = Page(call);
        var items = new JsonArray([.. shown.Skip((page - 1) * per).Take(per).Select(render)]);
        var answer = Answer.Ok(wrap is null ? items : wrap(items, shown.Count));
        if (Link(call, world, page, (shown.Count + per - 1) / per) is { } link)
        {
            answer.With("Link", link);
        }

        return answer;
    }

    public static string? Link(Call call, World world, int page, int pages)
    {
        var links = new List<string>();
        void Add(int to, string relation) => links.Add($"<{Url(call, world, "page", to.ToString())}>; rel=\"{relation}\"");
        if (page > 1)
        {
            Add(Math.Max(1, Math.Min(page - 1, pages)), "prev");
        }

        if (page < pages)
        {
            Add(page + 1, "next");
            Add(pages, "last");
        }

        if (page > 1)
        {
            Add(1, "first");
        }

        return links.Count == 0 ? null : string.Join(", ", links);
    }

    /// <summary>The address of this call with one query value changed.</summary>
    public static string Url(Call call, World world, string name, string value)
    {
        var query = call.Http.Request.Query
            .Where(pair => !string.Equals(pair.Key, name, StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value.ToString()))
            .Append(KeyValuePair.Create(name, (string?)value));
        return world.Urls.Api(RawTarget.ApiPath(call.Http)) + QueryString.Create(query);
    }
}
