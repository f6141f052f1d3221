using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Http;

/// <summary>One REST request on its way through the pipeline.</summary>
internal sealed class Call(HttpContext http, Route route, IReadOnlyDictionary<string, string> values, Caller caller, byte[] body)
{
    private JsonNode? json;
    private bool parsed;

    public HttpContext Http { get; } = http;

    public Route Route { get; } = route;

    public Caller Caller { get; } = caller;

    public byte[] Body { get; } = body;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Set for every operation on a repository, before its handler runs.</summary>
    public Repository Repository { get => field ?? throw new RefusedException(Answer.NotFound()); set; }

    public string ApiVersion { get; init; } = "2022-11-28";

    public App App => Caller.App ?? throw new RefusedException(Answer.Error(401, "A JSON web token could not be decoded"));

    public string this[string name] => values[name];

    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>The body as a JSON object; an absent body is an empty one.</summary>
    public JsonObject Json => JsonValue as JsonObject ?? (JsonValue is null ? [] : throw new RefusedException(Answer.Error(400, "Body should be a JSON object")));

    public JsonNode? JsonValue
    {
        get
        {
            if (!parsed)
            {
                parsed = true;
                try
                {
                    json = Body.Length == 0 ? null : JsonNode.Parse(Body);
                }
                catch (JsonException)
                {
                    throw new RefusedException(Answer.Error(400, "Problems parsing JSON"));
                }
            }

            return json;
        }
    }

    public long Id(string name) => long.TryParse(values[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw new RefusedException(Answer.NotFound());

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var found) ? found.ToString() : null;

    public int QueryNumber(string name, int otherwise) =>
        int.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;

    public bool Accepts(string mediaType) => Http.Request.Headers.Accept.ToString().Contains(mediaType, StringComparison.OrdinalIgnoreCase);
}
