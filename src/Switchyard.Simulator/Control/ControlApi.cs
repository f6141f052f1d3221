using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Control;

/// <summary>JSON below <c>/_simulator</c>: drives the simulator and counts effects, from another process too. Not part of GitHub.</summary>
internal sealed class ControlApi
{
    private readonly Router router = new();
    private readonly List<(string Method, string Template)> known = [];

    public ControlApi(World world)
    {
        Add("GET", "", (_, _) => Done(new JsonObject
        {
            ["web"] = world.Urls.Web(""),
            ["api"] = world.Urls.Api(""),
            ["developer"] = world.Options.DeveloperLogin,
            ["openapi"] = world.OpenApi.Skipped ?? "checked",
            ["routes"] = new JsonObject(known.Select(call => KeyValuePair.Create($"{call.Method} /_simulator{call.Template}", (JsonNode?)JsonValue.Create(ControlCalls.Takes.GetValueOrDefault($"{call.Method} {call.Template}".TrimEnd(), ""))))),
        }));
        new FaultControl(world).Map(Add);
        new ObservationControl(world).Map(Add);
        new DeliveryControl(world).Map(Add);
        new RepositoryControl(world).Map(Add);
        new AppControl(world).Map(Add);
        new RunControl(world).Map(Add);
        new CheckControl(world).Map(Add);
        new PullControl(world).Map(Add);
        new ReleaseControl(world).Map(Add);
        new SecretControl(world).Map(Add);
        new EffectControl(world).Map(Add);
    }

    internal delegate Task<JsonNode?> Handler(ControlRequest request, CancellationToken cancellationToken);

    internal delegate void Adder(string method, string template, Handler handler);

    public async Task HandleAsync(HttpContext http)
    {
        JsonNode? answer;
        try
        {
            answer = router.Match(http.Request.Method, RawTarget.Path(http)) is { } match
                ? (await match.Route.Handler(await CallAsync(http, match.Route, match.Values))).Json
                : Fail(http, 404, "No such address. GET /_simulator lists them.");
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or FormatException or IOException or InvalidOperationException or RefusedException)
        {
            answer = Fail(http, 400, exception.Message);
        }

        var bytes = Wire.Bytes(answer ?? new JsonObject());
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    public static Task<JsonNode?> Done(JsonNode? body = null) => Task.FromResult(body);

    public static Repository Repository(World world, ControlRequest request) =>
        world.Repositories.Find(request["owner"], request["repo"]) ?? throw new ArgumentException($"No repository is called {request["owner"]}/{request["repo"]}.");

    private static async Task<Call> CallAsync(HttpContext http, Route route, IReadOnlyDictionary<string, string> values)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return new Call(http, route, values, Caller.Anonymous, buffer.ToArray());
    }

    private static JsonObject Fail(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        return new JsonObject { ["error"] = message };
    }

    private void Add(string method, string template, Handler handler)
    {
        known.Add((method, template));
        router.Add(new Route(method, "/_simulator" + template, Audience.Anyone, async call =>
            Answer.Ok(await handler(new ControlRequest(call), call.Aborted) ?? new JsonObject())));
    }
}

/// <summary>Short ways to what a control request says.</summary>
internal sealed record ControlRequest(Call Call)
{
    public JsonObject Body => Call.Json;

    public string this[string name] => Call[name];

    public string Required(string name) => Body[name]?.ToString() ?? throw new ArgumentException($"The member '{name}' is missing.");

    public IEnumerable<string> Names(string name) => (Body[name] as JsonArray)?.Select(item => item!.ToString()) ?? [];
}
