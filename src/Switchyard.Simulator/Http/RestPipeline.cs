using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Actions;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Deliveries;
using Switchyard.Simulator.Faults;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.People;
using Switchyard.Simulator.Pulls;
using Switchyard.Simulator.Repositories;
using Switchyard.Simulator.Secrets;

namespace Switchyard.Simulator.Http;

/// <summary>
/// The way of a REST request: log, faults, version, caller, limits, repository and permission, handler, ETag, check, answer.
/// </summary>
internal sealed class RestPipeline
{
    private static readonly string[] Versions = ["2022-11-28", "2026-03-10"];
    private readonly World world;
    private readonly Router router = new();
    private readonly Authenticator authenticator;

    public RestPipeline(World world)
    {
        this.world = world;
        authenticator = new Authenticator(world);
        new AppEndpoints(world).Map(router);
        new InstallationEndpoints(world).Map(router);
        new TokenEndpoints(world).Map(router);
        new PeopleEndpoints(world).Map(router);
        new ReadableEndpoints(world).Map(router);
        new DeliveryEndpoints(world).Map(router);
        new RepositoryEndpoints(world).Map(router);
        new TreeEndpoints(world).Map(router);
        new ContentEndpoints(world).Map(router);
        new CommitEndpoints(world).Map(router);
        new HookEndpoints(world).Map(router);
        new MetaEndpoints(world).Map(router);
        new DispatchEndpoints(world).Map(router);
        new WorkflowEndpoints(world).Map(router);
        new RunEndpoints(world).Map(router);
        new CheckRunEndpoints(world).Map(router);
        new CheckListEndpoints(world).Map(router);
        new StatusEndpoints(world).Map(router);
        new PullEndpoints(world).Map(router);
        new WriteEndpoints(world).Map(router);
        new RequiredCheckEndpoints(world).Map(router);
        new SecretEndpoints(world).Map(router);
        new VariableEndpoints(world).Map(router);
    }

    public async Task HandleAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.ToArray();
        var path = RawTarget.ApiPath(http);
        var match = router.Match(http.Request.Method, path);
        var exchange = new Exchange(http, match?.Route, match?.Values ?? [], body)
        {
            Entry = world.Log.Add("rest", http.Request.Method, path + http.Request.QueryString, "anonymous", Authenticator.Secret(http), body, http.Request.Headers["X-GitHub-Api-Version"], http.Request.Headers.UserAgent),
        };
        exchange.Entry.Operation = match is null ? null : $"{match.Value.Route.Method} {match.Value.Route.Operation}";

        Answer answer;
        try
        {
            answer = await AnswerAsync(exchange);
        }
        catch (RefusedException refused)
        {
            answer = refused.Answer;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException)
        {
            // A member of the body has another type than the handler reads, or holds what git does not take.
            answer = Answer.Invalid($"Invalid request. {exception.Message}");
        }
        catch (IOException exception)
        {
            // git failed on something that the handlers did not foresee; the log says what.
            exchange.Entry.Fault = exception.Message;
            answer = Answer.Error(500, "Server Error");
        }

        await WriteAsync(exchange, answer);
    }

    private async Task<Answer> AnswerAsync(Exchange exchange)
    {
        var http = exchange.Http;
        if (string.IsNullOrEmpty(http.Request.Headers.UserAgent))
        {
            return Answer.Error(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).");
        }

        var version = exchange.ApiVersion = Version(http);
        if (exchange.Route is not { } route)
        {
            return Answer.NotFound();
        }

        var address = $"{http.Request.Method} {RawTarget.ApiPath(http)}";
        if (world.Faults.Find("api.error") is { } error && error.ConcernsRoute(address) && error.Happens())
        {
            exchange.Entry.Fault = "api.error";
            return Answer.Error(error.Int("status", 500), error.Text("message") ?? "Server Error");
        }

        var caller = exchange.Caller = authenticator.Identify(http, route);
        exchange.Entry.SetCaller(caller.Name);
        if (Authenticator.Admit(route, caller) is { } stranger)
        {
            return stranger;
        }

        if (world.Faults.Find("limits.secondary") is { } secondary && secondary.ConcernsRoute(address) && secondary.Happens())
        {
            exchange.Entry.Fault = "limits.secondary";
            return SecondaryLimit(secondary);
        }

        var (bucket, limited) = world.Limits.Take(caller, exchange.Resource, free: route.Template == "/rate_limit");
        exchange.Bucket = bucket;
        if (limited is not null)
        {
            exchange.Entry.Fault = world.Faults.IsOn("limits.primary") ? "limits.primary" : null;
            return limited;
        }

        var call = new Call(http, route, exchange.Values, caller, exchange.Body) { ApiVersion = version };
        if (route.Audience == Audience.Repository && RepositoryGate.Open(world, call) is { } closed)
        {
            return closed;
        }

        return await route.Handler(call);
    }

    private string Version(HttpContext http)
    {
        var moved = world.Faults.Find("api.version");
        var asked = http.Request.Headers["X-GitHub-Api-Version"].ToString();
        var version = asked.Length > 0 ? asked : moved is null ? Versions[0] : moved.Text("version") ?? Versions[1];
        // Enterprise Server knows the newest version later than github.com.
        var known = world.Faults.IsOn("api.ghes") ? Versions.AsSpan(0, 1) : Versions;
        return !known.Contains(version) || (moved?.Flag("only") == true && version != (moved.Text("version") ?? Versions[1]))
            ? throw new RefusedException(Answer.Error(400, $"The version \"{version}\" is not supported by this API."))
            : version;
    }

    private static Answer SecondaryLimit(FaultArguments fault)
    {
        var answer = Answer.Error(
            fault.Int("status", 403),
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits");
        return fault.Flag("header", otherwise: true) ? answer.With("Retry-After", fault.Int("seconds", 60).ToString()) : answer;
    }

    private async Task WriteAsync(Exchange exchange, Answer answer)
    {
        var http = exchange.Http;
        var bytes = answer.Json is null ? answer.Raw : Wire.Bytes(answer.Json);
        world.OpenApi.Check(exchange, answer, bytes);

        var headers = new Dictionary<string, string>(answer.Headers, StringComparer.OrdinalIgnoreCase)
        {
            ["X-GitHub-Media-Type"] = "github.v3; format=json",
            ["X-GitHub-Request-Id"] = exchange.Entry.Sequence.ToString("X8"),
            ["X-GitHub-Api-Version-Selected"] = exchange.ApiVersion,
        };
        exchange.Bucket?.WriteTo(headers);
        if (exchange.Route is { Permission: { } permission } route && !headers.ContainsKey("X-Accepted-GitHub-Permissions"))
        {
            headers["X-Accepted-GitHub-Permissions"] = $"{permission}={route.Level}";
        }

        if (world.Faults.Find("api.ghes") is { } ghes)
        {
            headers["X-GitHub-Enterprise-Version"] = ghes.Text("version") ?? "3.20";
        }

        var status = answer.Status;
        if (status == 200 && http.Request.Method == "GET" && (world.Faults.Find("api.etags")?.Flag("on", otherwise: true) ?? true))
        {
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes.Span))}\"";
            headers["ETag"] = tag;
            headers["Cache-Control"] = "private, max-age=60, s-maxage=60";
            if (http.Request.Headers.IfNoneMatch.Any(sent => sent is not null && sent.Contains(tag[2..], StringComparison.Ordinal)))
            {
                status = 304;
                bytes = default;
                if (exchange.Bucket is not null && exchange.Caller.Kind != CallerKind.Anonymous)
                {
                    RateLimits.Return(exchange.Bucket);
                    exchange.Bucket.WriteTo(headers);
                }
            }
        }

        exchange.Entry.Fault ??= answer.Fault;
        exchange.Entry.Status = http.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            http.Response.Headers[name] = value;
        }

        if (bytes.Length > 0)
        {
            http.Response.ContentType = answer.ContentType;
            http.Response.ContentLength = bytes.Length;
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }
}
