using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>Trees and blobs. A recursive tree stops at 100,000 entries or 7 MB (OpenAPI: git/get-tree).</summary>
internal sealed class TreeEndpoints(World world)
{
    private const int MaxEntries = 100_000;
    private const int MaxBytes = 7 * 1024 * 1024;
    private const long MaxBlob = 100L * 1024 * 1024;

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/git/trees/{tree_sha*}", "contents", "read", Tree);
        RepositoryRoutes.Add(router, "GET", "/git/blobs/{file_sha}", "contents", "read", Blob);
    }

    private async ValueTask<Answer> Tree(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        if (await reader.ResolveAsync(call["tree_sha"], "^{tree}", call.Aborted) is not { } tree)
        {
            return Answer.NotFound();
        }

        var all = await reader.TreeAsync(tree.Sha, call.Query("recursive") is not null, call.Aborted);
        var (entries, truncated) = Cut(call, all);
        var api = world.Urls.Api($"/repos/{call.Repository.FullName}/git");
        return Answer.Ok(new JsonObject
        {
            ["sha"] = tree.Sha,
            ["url"] = $"{api}/trees/{tree.Sha}",
            ["tree"] = new JsonArray([.. entries.Select(entry => Json(api, entry))]),
            ["truncated"] = truncated,
        });
    }

    private (IReadOnlyList<GitTreeEntry> Entries, bool Truncated) Cut(Call call, IReadOnlyList<GitTreeEntry> all)
    {
        var fault = call.Query("recursive") is null ? null : world.Faults.Find("api.truncateTree");
        var most = fault?.Int("entries", Math.Max(1, all.Count / 2)) ?? MaxEntries;
        var bytes = 0;
        var kept = all.Take(most).TakeWhile(entry => (bytes += 260 + entry.Path.Length) < MaxBytes).ToArray();
        return (kept, kept.Length < all.Count);
    }

    private static JsonObject Json(string api, GitTreeEntry entry)
    {
        var json = new JsonObject { ["path"] = entry.Path, ["mode"] = entry.Mode, ["type"] = entry.Type, ["sha"] = entry.Sha };
        if (entry.Size is { } size)
        {
            json["size"] = size;
        }

        // A submodule's commit lies in another repository.
        if (entry.Type != "commit")
        {
            json["url"] = $"{api}/{entry.Type}s/{entry.Sha}";
        }

        return json;
    }

    private async ValueTask<Answer> Blob(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        if (call["file_sha"].Length != 40 || await reader.FirstAsync([call["file_sha"]], call.Aborted) is not { Type: "blob" } blob)
        {
            return Answer.NotFound();
        }

        if (blob.Size > (world.Faults.Find("api.contentsLimits")?.Long("rawBytes", MaxBlob) ?? MaxBlob))
        {
            return Answer.Error(403, "This blob is too large to fetch: the API serves blobs of up to 100 MB.");
        }

        var bytes = await reader.BlobAsync(blob.Sha, call.Aborted);
        if (call.Accepts("application/vnd.github.raw"))
        {
            return Answer.Bytes(bytes, "application/vnd.github.raw+json; charset=utf-8");
        }

        return Answer.Ok(new JsonObject
        {
            ["sha"] = blob.Sha,
            ["node_id"] = Accounts.NodeId("Blob", call.Repository.Id),
            ["size"] = blob.Size,
            ["url"] = world.Urls.Api($"/repos/{call.Repository.FullName}/git/blobs/{blob.Sha}"),
            ["content"] = Base64.Lines(bytes),
            ["encoding"] = "base64",
        });
    }
}
