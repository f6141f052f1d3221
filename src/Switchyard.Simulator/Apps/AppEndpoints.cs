using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Apps;

/// <summary>The App about itself: registration, description, webhook configuration.</summary>
internal sealed class AppEndpoints(World world)
{
    public void Map(Router router)
    {
        router.Add(new Route("POST", "/app-manifests/{code}/conversions", Audience.Anyone, Convert));
        router.Add(new Route("GET", "/app", Audience.App, Get));
        router.Add(new Route("GET", "/app/hook/config", Audience.App, call => new(Answer.Ok(Config(call.App)))));
        router.Add(new Route("PATCH", "/app/hook/config", Audience.App, UpdateConfig));
    }

    private ValueTask<Answer> Convert(Call call)
    {
        if (world.Apps.Redeem(call["code"]) is not { } redeemed)
        {
            return new(Answer.NotFound());
        }

        var (app, pem) = redeemed;
        var body = world.Apps.Json(app);
        body["client_id"] = app.ClientId;
        body["client_secret"] = app.ClientSecret;
        body["webhook_secret"] = app.Hook.Secret;
        body["pem"] = pem;
        return new(Answer.Ok(body, 201));
    }

    private ValueTask<Answer> Get(Call call)
    {
        var body = world.Apps.Json(call.App);
        body["installations_count"] = world.Installations.Of(call.App).Count;
        return new(Answer.Ok(body));
    }

    private static JsonObject Config(App app)
    {
        var config = new JsonObject { ["content_type"] = app.Hook.ContentType, ["insecure_ssl"] = app.Hook.InsecureSsl, ["url"] = app.Hook.Url };
        if (app.Hook.Secret is not null)
        {
            config["secret"] = "********";
        }

        return config;
    }

    private ValueTask<Answer> UpdateConfig(Call call)
    {
        var hook = call.App.Hook;
        var body = call.Json;
        if (body["content_type"]?.ToString() is { } type && type is not ("json" or "form"))
        {
            return new(Answer.Invalid("Validation Failed"));
        }

        hook.Url = body["url"]?.ToString() ?? hook.Url;
        hook.ContentType = body["content_type"]?.ToString() ?? hook.ContentType;
        hook.InsecureSsl = body["insecure_ssl"]?.ToString() ?? hook.InsecureSsl;
        if (body["secret"]?.ToString() is { } secret)
        {
            hook.PreviousSecret = hook.Secret;
            hook.Secret = secret.Length == 0 ? null : secret;
        }

        return new(Answer.Ok(Config(call.App)));
    }
}
