using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Repositories;

/// <summary>Finds the repository of a path, and decides whether the caller may do what the route does.</summary>
internal static class RepositoryGate
{
    /// <summary>Sets <see cref="Call.Repository"/>, or says why not.</summary>
    public static Answer? Open(World world, Call call)
    {
        if (!call.Values.TryGetValue("owner", out var owner))
        {
            return Check(world, call, world.Repositories.Find(call.Id("repository_id")));
        }

        var repository = world.Repositories.Find(owner, call["repo"]);
        if (repository is null && world.Repositories.FindMoved(owner, call["repo"]) is { } moved)
        {
            return Visible(world, call, moved) ? Moved(world, call, moved, Rest(call)) : Answer.NotFound();
        }

        return Check(world, call, repository);
    }

    /// <summary>301 to the address by number; 307 for writes, so that method and body stay (docs: best practices).</summary>
    public static Answer Moved(World world, Call call, Repository repository, string rest)
    {
        var url = world.Urls.Api($"/repositories/{repository.Id.ToString(CultureInfo.InvariantCulture)}{rest}") + call.Http.Request.QueryString;
        var reading = call.Http.Request.Method == "GET";
        var body = new JsonObject
        {
            ["message"] = reading ? "Moved Permanently" : "Temporary Redirect",
            ["url"] = url,
            ["documentation_url"] = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
        };
        return Answer.Ok(body, reading ? 301 : 307).With("Location", url);
    }

    private static Answer? Check(World world, Call call, Repository? repository)
    {
        if (repository is null || !Visible(world, call, repository))
        {
            return Answer.NotFound();
        }

        call.Repository = repository;
        if (call.Caller.Token is { } token && call.Route.Permission is { } permission
            && !TokenStore.Permits(world.Tokens.Level(token, permission), call.Route.Level))
        {
            return Answer.Error(403, token.Installation is null ? "Resource not accessible by personal access token" : "Resource not accessible by integration");
        }

        return call.Route.Writes && repository.Archived ? Answer.Error(403, "Repository was archived so is read-only.") : null;
    }

    private static bool Visible(World world, Call call, Repository repository) => call.Caller switch
    {
        _ when world.Repositories.IsHidden(repository) => false,
        { Token: { } token } => token.Sees(repository),
        // Public repositories may be read by anyone.
        _ => !repository.Private && !call.Route.Writes,
    };

    private static string Rest(Call call)
    {
        var segments = RawTarget.ApiPath(call.Http).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(segments.Skip(3).Select(segment => "/" + segment));
    }
}
