using System.Text.Json.Nodes;
using Switchyard.Simulator.Checks;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Pulls;

/// <summary>Pull requests: list them, open one, its files, and those that a commit belongs to.</summary>
internal sealed class PullEndpoints(World world)
{
    private const int MostFiles = 3000;
    private readonly PullReader reader = new(world);
    private readonly CommitJson commits = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/pulls", "pull_requests", "read", call => new(List(call)));
        RepositoryRoutes.Add(router, "POST", "/pulls", "pull_requests", "write", Create);
        RepositoryRoutes.Add(router, "GET", "/pulls/{pull_number}", "pull_requests", "read", call => new(Answer.Ok(world.Pulls.Render.Full(Find(call)))));
        RepositoryRoutes.Add(router, "GET", "/pulls/{pull_number}/files", "pull_requests", "read", call => new(Files(call)));
        RepositoryRoutes.Add(router, "GET", "/commits/{commit_sha}/pulls", "pull_requests", "read", OfCommit);
    }

    private Answer List(Call call)
    {
        var state = call.Query("state") ?? "open";
        var (head, target) = (call.Query("head"), call.Query("base"));
        var shown = world.Pulls.Of(call.Repository).Where(pull =>
            (state == "all" || pull.Open == (state == "open"))
            && (head is null || string.Equals(head, pull.HeadLabel, StringComparison.OrdinalIgnoreCase))
            && (target is null || target == pull.BaseBranch));
        var sorted = call.Query("sort") == "updated" ? shown.OrderByDescending(pull => pull.UpdatedAt) : shown;
        return Paging.List(call, world, [.. call.Query("direction") == "asc" ? sorted.Reverse() : sorted], world.Pulls.Render.Simple);
    }

    private async ValueTask<Answer> Create(Call call)
    {
        var body = call.Json;
        var repository = call.Repository;
        var (title, head, target) = (body["title"]?.ToString(), body["head"]?.ToString() ?? "", body["base"]?.ToString() ?? "");
        if (string.IsNullOrEmpty(title))
        {
            return Wrong("Issue", "missing_field", "title", null);
        }

        var source = Source(repository, ref head);
        if (source is null)
        {
            return Wrong("PullRequest", "invalid", "head", null);
        }

        if (await reader.ReadAsync(repository, target, source, head, call.Aborted) is not { } content)
        {
            var hasBase = await RepositoryRoutes.Reader(world, call).FirstAsync([$"refs/heads/{target}"], call.Aborted) is not null;
            return Wrong("PullRequest", "invalid", hasBase ? "head" : "base", null);
        }

        if (content.Commits == 0)
        {
            return Wrong("PullRequest", "custom", null, $"No commits between {target} and {head}");
        }

        if (world.Pulls.Of(repository).Any(pull => pull.Open && pull.Head == source && pull.HeadBranch == head && pull.BaseBranch == target))
        {
            return Wrong("PullRequest", "custom", null, $"A pull request already exists for {source.Owner.Login}:{head}.");
        }

        var opened = await world.Pulls.OpenAsync(
            new NewPull(repository, target, source, head, title, world.Accounts.Of(call.Caller)) { Body = body["body"]?.ToString(), Draft = body["draft"]?.GetValue<bool>() ?? false },
            content);
        return Answer.Ok(world.Pulls.Render.Full(opened), 201).With("Location", world.Urls.Api($"/repos/{repository.FullName}/pulls/{opened.Number}"));
    }

    /// <summary><c>branch</c>, or <c>owner:branch</c> of a fork.</summary>
    private Repository? Source(Repository repository, ref string head)
    {
        if (head.Split(':', 2) is not [var owner, var branch])
        {
            return repository;
        }

        head = branch;
        return string.Equals(owner, repository.Owner.Login, StringComparison.OrdinalIgnoreCase)
            ? repository
            : world.Repositories.All.FirstOrDefault(fork => fork.Parent == repository && string.Equals(fork.Owner.Login, owner, StringComparison.OrdinalIgnoreCase));
    }

    private Answer Files(Call call)
    {
        var pull = Find(call);
        return Paging.List(call, world, [.. pull.Content.Files.Take(MostFiles)], file => commits.File(call.Repository, pull.HeadSha, file));
    }

    private async ValueTask<Answer> OfCommit(Call call)
    {
        var sha = await CommitRef.RequireAsync(world, call, "commit_sha");
        var found = new List<PullRequest>();
        foreach (var pull in world.Pulls.Of(call.Repository).Where(pull => pull.Open || pull.MergedAt is not null))
        {
            if (await reader.BringsAsync(pull, sha, call.Aborted))
            {
                found.Add(pull);
            }
        }

        return Paging.List(call, world, found, world.Pulls.Render.Simple);
    }

    private PullRequest Find(Call call) => world.Pulls.Find(call.Repository, call.Id("pull_number")) ?? throw new RefusedException(Answer.NotFound());

    private static Answer Wrong(string resource, string code, string? field, string? message)
    {
        var error = new JsonObject { ["resource"] = resource, ["code"] = code };
        if (field is not null)
        {
            error["field"] = field;
        }

        if (message is not null)
        {
            error["message"] = message;
        }

        return Answer.Invalid("Validation Failed", error);
    }
}
