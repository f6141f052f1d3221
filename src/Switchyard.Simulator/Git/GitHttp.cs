using System.Text;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Git;

/// <summary>git over HTTP: finds the repository, checks the caller, hands over to git http-backend.</summary>
internal sealed class GitHttp(World world)
{
    private readonly GitGate gate = new(world);
    private readonly GitHttpBackend backend = new(world);
    private readonly LfsEndpoints lfs = new(world);

    /// <summary>Serves the request if its path is one of git's; false leaves it to the pages.</summary>
    public async Task<bool> TryHandleAsync(HttpContext http)
    {
        if (GitPath.Parse(RawTarget.Path(http)) is not { } path)
        {
            return false;
        }

        var caller = gate.Identify(http, out var verdict);
        var entry = world.Log.Add("git", http.Request.Method, RawTarget.Path(http) + http.Request.QueryString, caller.Name, GitGate.Secret(http), userAgent: http.Request.Headers.UserAgent);
        entry.Operation = $"git {path.Service(http.Request)}";
        try
        {
            await HandleAsync(http, path, caller, verdict, entry);
        }
        finally
        {
            entry.Status = http.Response.StatusCode;
        }

        return true;
    }

    private async Task HandleAsync(HttpContext http, GitPath path, Caller caller, TokenVerdict verdict, LoggedRequest entry)
    {
        if (world.Faults.Find("api.error") is { } error && error.ConcernsRoute("git " + RawTarget.Path(http)) && error.Happens())
        {
            entry.Fault = "api.error";
            await RefuseAsync(http, new GitGate.Refusal(error.Int("status", 500), "Internal Server Error"));
            return;
        }

        var repository = world.Repositories.Find(path.Owner, path.Name);
        var moved = repository is null ? world.Repositories.FindMoved(path.Owner, path.Name) : null;
        var service = path.Service(http.Request);
        var write = service == "git-receive-pack";
        if (gate.Check(caller, verdict, repository ?? moved, write) is { } refusal)
        {
            await RefuseAsync(http, refusal);
        }
        else if (moved is not null)
        {
            http.Response.StatusCode = http.Request.Method == "GET" ? 301 : 307;
            http.Response.Headers.Location = world.Urls.Web($"/{moved.FullName}.git/{path.Rest}") + http.Request.QueryString;
        }
        else if (path.IsLfs)
        {
            await lfs.HandleAsync(http, path, repository!, caller);
        }
        else if (service is null)
        {
            await RefuseAsync(http, new GitGate.Refusal(403, "Please upgrade your git client. Only the smart HTTP protocol is served here."));
        }
        else if (write && http.Request.Method == "POST")
        {
            await new RefChanges(world).ApplyAsync(repository!, world.Accounts.Of(caller), () => backend.ServeAsync(http, repository!.Folder, path.Rest, caller.Name), http.RequestAborted);
        }
        else
        {
            await backend.ServeAsync(http, write ? repository!.Folder : RepositoryRoutes.Folder(world, repository!), path.Rest, caller.Name);
        }
    }

    private static async Task RefuseAsync(HttpContext http, GitGate.Refusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (refusal.Status == 401)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
        }

        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(refusal.Text));
    }
}

/// <summary><c>/{owner}/{name}.git/{rest}</c>; the suffix may be missing, as on github.com.</summary>
internal sealed record GitPath(string Owner, string Name, string Rest)
{
    private static readonly string[] Known = ["info/refs", "git-upload-pack", "git-receive-pack", "info/lfs/", "HEAD", "objects/"];

    public bool IsLfs => Rest.StartsWith("info/lfs/", StringComparison.Ordinal);

    public static GitPath? Parse(string rawPath)
    {
        var parts = rawPath.TrimStart('/').Split('/', 3);
        if (parts.Length < 3 || !Known.Any(known => parts[2].StartsWith(known, StringComparison.Ordinal)))
        {
            return null;
        }

        var name = Uri.UnescapeDataString(parts[1]);
        return new GitPath(Uri.UnescapeDataString(parts[0]), name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name, parts[2]);
    }

    public string? Service(HttpRequest request) => Rest switch
    {
        "info/refs" => request.Query["service"].ToString() is { Length: > 0 } service ? service : null,
        "git-upload-pack" or "git-receive-pack" => Rest,
        _ when IsLfs => "lfs",
        _ => null,
    };
}
