using System.Text;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>
/// Files and folders by path. Folders list at most 1,000 entries; files come in full up to 1 MB, and up to 100 MB raw
/// (OpenAPI: repos/get-content).
/// </summary>
internal sealed class ContentEndpoints(World world)
{
    private const long Inline = 1024 * 1024;
    private const long Raw = 100L * 1024 * 1024;
    private const string ObjectType = "application/vnd.github.object";

    public void Map(Router router) => RepositoryRoutes.Add(router, "GET", "/contents/{path*}", "contents", "read", Get);

    private async ValueTask<Answer> Get(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        var reference = call.Query("ref") is { Length: > 0 } given ? given : call.Repository.DefaultBranch;
        var path = call["path"].Trim('/');
        if (await reader.IsEmptyAsync(call.Aborted))
        {
            return Answer.Error(404, "This repository is empty.");
        }

        if (await reader.ResolveAsync(reference, "^{commit}", call.Aborted) is not { } commit)
        {
            return Answer.Error(404, $"No commit found for the ref {reference}");
        }

        for (var follows = 0; follows < 5; follows++)
        {
            if (path.Length == 0)
            {
                return await FolderAsync(call, reader, commit.Sha, reference, path);
            }

            if (await EntryAsync(reader, commit.Sha, path, call.Aborted) is not { } entry)
            {
                return Answer.NotFound();
            }

            if (entry.Type == "tree")
            {
                return await FolderAsync(call, reader, commit.Sha, reference, path);
            }

            if (entry.Mode != "120000")
            {
                return await FileAsync(call, reader, entry, reference);
            }

            var target = Encoding.UTF8.GetString(await reader.BlobAsync(entry.Sha, call.Aborted));
            var aim = Join(path, target);
            if (aim is null || await EntryAsync(reader, commit.Sha, aim, call.Aborted) is not { Type: "blob" })
            {
                // A link out of the repository, or to a folder, is shown as what it is.
                var link = Json(call, entry, reference, "symlink");
                link["target"] = target;
                return Answer.Ok(link);
            }

            path = aim;
        }

        return Answer.NotFound();
    }

    private async Task<Answer> FileAsync(Call call, GitReader reader, GitTreeEntry entry, string reference)
    {
        if (entry.Type == "commit")
        {
            var submodule = Json(call, entry, reference, "submodule");
            submodule["submodule_git_url"] = world.Urls.Web($"/{call.Repository.FullName}-{entry.Path.Replace('/', '-')}.git");
            return Answer.Ok(submodule);
        }

        var limits = world.Faults.Find("api.contentsLimits");
        var size = entry.Size ?? 0;
        var raw = call.Accepts("application/vnd.github.raw");
        var asObject = call.Accepts(ObjectType);
        if (size > (limits?.Long("rawBytes", Raw) ?? Raw) || (!raw && !asObject && size > (limits?.Long("inlineBytes", Inline) ?? Inline)))
        {
            return Answer.Error(403, "This API returns blobs up to 1 MB in size. The requested blob is too large to fetch via the API, but you can use the Git Data API to request blobs up to 100 MB in size.");
        }

        var bytes = await reader.BlobAsync(entry.Sha, call.Aborted);
        if (raw)
        {
            return Answer.Bytes(bytes, "application/vnd.github.raw+json; charset=utf-8");
        }

        var whole = size <= (limits?.Long("inlineBytes", Inline) ?? Inline);
        var file = Json(call, entry, reference, "file");
        file["content"] = whole ? Base64.Lines(bytes) : "";
        file["encoding"] = whole ? "base64" : "none";
        return asObject ? Answer.Typed(file, ObjectType + "+json") : Answer.Ok(file);
    }

    private async Task<Answer> FolderAsync(Call call, GitReader reader, string commit, string reference, string path)
    {
        var most = world.Faults.Find("api.contentsLimits")?.Int("directory", 1000) ?? 1000;
        var tree = await reader.FirstAsync([$"{commit}:{path}"], call.Aborted);
        var prefix = path.Length == 0 ? "" : path + "/";
        var items = new JsonArray([.. (await reader.TreeAsync(tree!.Sha, recursive: false, call.Aborted)).Take(most)
            .Select(entry => entry with { Path = prefix + entry.Path })
            .Select(entry => Json(call, entry, reference, KindInList(call, entry)))]);
        if (!call.Accepts(ObjectType))
        {
            return Answer.Ok(items);
        }

        var folder = Json(call, new GitTreeEntry("040000", "tree", tree.Sha, null, path), reference, "dir");
        folder["entries"] = items;
        return Answer.Typed(folder, ObjectType + "+json");
    }

    /// <summary>Before 2026-03-10 a submodule in a list is called a file.</summary>
    private static string KindInList(Call call, GitTreeEntry entry) => entry switch
    {
        { Type: "tree" } => "dir",
        { Type: "commit" } => string.CompareOrdinal(call.ApiVersion, "2026-03-10") >= 0 ? "submodule" : "file",
        { Mode: "120000" } => "symlink",
        _ => "file",
    };

    private static async Task<GitTreeEntry?> EntryAsync(GitReader reader, string commit, string path, CancellationToken cancellationToken)
    {
        var slash = path.LastIndexOf('/');
        var parent = await reader.FirstAsync([$"{commit}:{(slash < 0 ? "" : path[..slash])}"], cancellationToken);
        return parent is not { Type: "tree" }
            ? null
            : (await reader.TreeAsync(parent.Sha, recursive: false, cancellationToken))
                .Where(entry => entry.Path == path[(slash + 1)..])
                .Select(entry => entry with { Path = path })
                .FirstOrDefault();
    }

    private static string? Join(string from, string target)
    {
        if (target.StartsWith('/'))
        {
            return null;
        }

        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ""))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    public JsonObject Json(Call call, GitTreeEntry entry, string reference, string type)
    {
        var repository = call.Repository;
        var path = string.Join('/', entry.Path.Split('/').Select(Uri.EscapeDataString));
        var self = world.Urls.Api($"/repos/{repository.FullName}/contents/{path}?ref={Uri.EscapeDataString(reference)}");
        var git = entry.Type == "commit" ? null : world.Urls.Api($"/repos/{repository.FullName}/git/{entry.Type}s/{entry.Sha}");
        var html = world.Urls.Web($"/{repository.FullName}/{entry.Type}/{Uri.EscapeDataString(reference)}/{path}");
        return new JsonObject
        {
            ["name"] = entry.Path.Split('/')[^1],
            ["path"] = entry.Path,
            ["sha"] = entry.Sha,
            ["size"] = entry.Size ?? 0,
            ["url"] = self,
            ["html_url"] = html,
            ["git_url"] = git,
            ["download_url"] = entry.Type == "blob" ? world.Urls.Web($"/{repository.FullName}/raw/{Uri.EscapeDataString(reference)}/{path}") : null,
            ["type"] = type,
            ["_links"] = new JsonObject { ["self"] = self, ["git"] = git, ["html"] = html },
        };
    }
}
