using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>Single commits and comparisons, with the silent caps of GitHub (OpenAPI: repos/compare-commits).</summary>
internal sealed class CommitEndpoints(World world)
{
    private const int ComparedFiles = 300;
    private const int CommitFiles = 3000;
    private readonly CommitJson render = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/commits/{ref*}", "contents", "read", Get);
        RepositoryRoutes.Add(router, "GET", "/compare/{basehead*}", "contents", "read", Compare);
    }

    private async ValueTask<Answer> Get(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        if (await reader.ResolveAsync(call["ref"], "^{commit}", call.Aborted) is not { } found || await reader.CommitAsync(found.Sha, call.Aborted) is not { } commit)
        {
            return Answer.Invalid($"No commit found for SHA: {call["ref"]}");
        }

        var changes = await reader.ChangesAsync(commit.Parents is [var parent, ..] ? parent : "", commit.Sha, call.Aborted);
        var per = world.Faults.Find("api.compareCap")?.Int("files", ComparedFiles) ?? ComparedFiles;
        var page = Paging.Page(call);
        var shown = changes.Take(CommitFiles).ToArray();
        var json = render.Full(call.Repository, commit);
        json["stats"] = new JsonObject
        {
            ["additions"] = changes.Sum(change => change.Added),
            ["deletions"] = changes.Sum(change => change.Deleted),
            ["total"] = changes.Sum(change => change.Added + change.Deleted),
        };
        json["files"] = new JsonArray([.. shown.Skip((page - 1) * per).Take(per).Select(change => render.File(call.Repository, commit.Sha, change))]);
        var answer = Answer.Ok(json);
        if (Paging.Link(call, world, page, (shown.Length + per - 1) / per) is { } link)
        {
            answer.With("Link", link);
        }

        return answer;
    }

    private async ValueTask<Answer> Compare(Call call)
    {
        var reader = RepositoryRoutes.Reader(world, call);
        var parts = call["basehead"].Split("...", 2);
        if (parts.Length != 2
            || await reader.ResolveAsync(parts[0], "^{commit}", call.Aborted) is not { } left
            || await reader.ResolveAsync(parts[1], "^{commit}", call.Aborted) is not { } right)
        {
            return Answer.NotFound();
        }

        if (await reader.MergeBaseAsync(left.Sha, right.Sha, call.Aborted) is not { } mergeBase)
        {
            return Answer.Error(404, $"No common ancestor between {parts[0]} and {parts[1]}.");
        }

        var commits = (await reader.CommitsAsync(call.Aborted, "--topo-order", $"{left.Sha}..{right.Sha}")).Reverse().ToArray();
        var behind = await reader.CountAsync($"{right.Sha}..{left.Sha}", call.Aborted);
        var most = world.Faults.Find("api.compareCap")?.Int("files", ComparedFiles) ?? ComparedFiles;
        var paged = call.Query("page") is not null || call.Query("per_page") is not null;
        var per = paged ? Paging.PerPage(call) : 250;
        var page = Paging.Page(call);
        // Files are on the first page only.
        var files = page > 1 ? [] : (await reader.ChangesAsync(mergeBase, right.Sha, call.Aborted)).Take(most).ToArray();

        var api = world.Urls.Api($"/repos/{call.Repository.FullName}/compare/{left.Sha}...{right.Sha}");
        var html = world.Urls.Web($"/{call.Repository.FullName}/compare/{left.Sha}...{right.Sha}");
        var answer = Answer.Ok(new JsonObject
        {
            ["url"] = api,
            ["html_url"] = html,
            ["permalink_url"] = html,
            ["diff_url"] = html + ".diff",
            ["patch_url"] = html + ".patch",
            ["base_commit"] = render.Full(call.Repository, (await reader.CommitAsync(left.Sha, call.Aborted))!),
            ["merge_base_commit"] = render.Full(call.Repository, (await reader.CommitAsync(mergeBase, call.Aborted))!),
            ["status"] = (commits.Length, behind) switch { (0, 0) => "identical", (0, _) => "behind", (_, 0) => "ahead", _ => "diverged" },
            ["ahead_by"] = commits.Length,
            ["behind_by"] = behind,
            ["total_commits"] = commits.Length,
            ["commits"] = new JsonArray([.. commits.Skip((page - 1) * per).Take(per).Select(commit => render.Full(call.Repository, commit))]),
            ["files"] = new JsonArray([.. files.Select(change => render.File(call.Repository, right.Sha, change))]),
        });
        if (paged && Paging.Link(call, world, page, (commits.Length + per - 1) / per) is { } link)
        {
            answer.With("Link", link);
        }

        return answer;
    }
}
