using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Git;

/// <summary>The Git LFS batch API with the basic transfer; the switch <c>repo.lfs</c> empties the quota or loses objects.</summary>
internal sealed class LfsEndpoints(World world)
{
    private const string MediaType = "application/vnd.git-lfs+json";

    public async Task HandleAsync(HttpContext http, GitPath path, Repository repository, Caller caller)
    {
        if (path.Rest == "info/lfs/objects/batch" && http.Request.Method == "POST")
        {
            await BatchAsync(http, repository, caller);
            return;
        }

        var oid = path.Rest.Split('/')[^1];
        var file = File(repository, oid);
        if (oid.Length != 64 || !oid.All(char.IsAsciiHexDigitLower))
        {
            http.Response.StatusCode = 404;
        }
        else if (http.Request.Method == "PUT" && MayWrite(caller))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var stream = System.IO.File.Create(file);
            await http.Request.Body.CopyToAsync(stream, http.RequestAborted);
        }
        else if (http.Request.Method == "GET" && System.IO.File.Exists(file))
        {
            http.Response.ContentType = "application/octet-stream";
            http.Response.ContentLength = new FileInfo(file).Length;
            await using var stream = System.IO.File.OpenRead(file);
            await stream.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        else
        {
            http.Response.StatusCode = 404;
        }
    }

    /// <summary>Stores an object and returns the text of its pointer file.</summary>
    public static string Store(Repository repository, byte[] content)
    {
        var oid = Convert.ToHexStringLower(SHA256.HashData(content));
        var file = File(repository, oid);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllBytes(file, content);
        return $"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {content.Length}\n";
    }

    private async Task BatchAsync(HttpContext http, Repository repository, Caller caller)
    {
        JsonObject? request;
        try
        {
            request = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            request = null;
        }

        var mode = world.Faults.Find("repo.lfs") is { } fault && fault.Concerns(repository) ? fault.Text("mode") ?? "missing" : "ok";
        var upload = request?["operation"]?.ToString() == "upload";
        var (status, body) = request switch
        {
            null => (422, Error("The request is not a JSON object.")),
            _ when upload && !MayWrite(caller) => (403, Error("You must have push access to verify locks.")),
            _ when mode == "quota" => (403, Error("This repository is over its data quota. Account responsible for LFS bandwidth should purchase more data packs to restore access.")),
            _ => (200, new JsonObject
            {
                ["transfer"] = "basic",
                ["objects"] = new JsonArray([.. (request["objects"] as JsonArray ?? []).Select(item => Object(http, repository, item!.AsObject(), upload, mode))]),
            }),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaType;
        await http.Response.Body.WriteAsync(Wire.Bytes(body), http.RequestAborted);
    }

    private JsonObject Object(HttpContext http, Repository repository, JsonObject asked, bool upload, string mode)
    {
        var oid = asked["oid"]?.ToString() ?? "";
        var present = mode != "missing" && System.IO.File.Exists(File(repository, oid));
        var json = new JsonObject { ["oid"] = oid, ["size"] = asked["size"]?.GetValue<long>() ?? 0 };
        if (!upload && !present)
        {
            json["error"] = new JsonObject { ["code"] = 404, ["message"] = "Object does not exist on the server or you don't have permissions to access it" };
        }
        else if (!upload || !present)
        {
            json["authenticated"] = true;
            json["actions"] = new JsonObject
            {
                [upload ? "upload" : "download"] = new JsonObject
                {
                    ["href"] = world.Urls.Web($"/{repository.FullName}.git/info/lfs/objects/{oid}"),
                    ["header"] = new JsonObject { ["Authorization"] = http.Request.Headers.Authorization.ToString() },
                    ["expires_in"] = 3600,
                },
            };
        }

        return json;
    }

    private bool MayWrite(Caller caller) => caller.Token is null || TokenStore.Permits(world.Tokens.Level(caller.Token, "contents"), "write");

    private static JsonObject Error(string message) => new() { ["message"] = message, ["documentation_url"] = "https://docs.github.com/repositories/working-with-files/managing-large-files" };

    private static string File(Repository repository, string oid) => Path.Combine(repository.Folder, "lfs-store", Path.GetFileName(oid));
}
