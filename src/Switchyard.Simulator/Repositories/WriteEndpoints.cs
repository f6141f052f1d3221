using System.Text.Json.Nodes;
using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Installations;

namespace Switchyard.Simulator.Repositories;

/// <summary>Writing over REST: a file on a branch, a ref. Both are pushes to whoever listens.</summary>
internal sealed class WriteEndpoints(World world)
{
    private readonly CommitJson commits = new(world);

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "PUT", "/contents/{path*}", "contents", "write", PutFile);
        RepositoryRoutes.Add(router, "POST", "/git/refs", "contents", "write", CreateRef);
    }

    private async ValueTask<Answer> PutFile(Call call)
    {
        var (body, repository, path) = (call.Json, call.Repository, call["path"].Trim('/'));
        if (body["message"]?.ToString() is not { Length: > 0 } message || body["content"]?.ToString() is not { } content)
        {
            return Answer.Invalid($"Invalid request.\n\n\"{(body["message"] is null ? "message" : "content")}\" wasn't supplied.");
        }

        // A path of workflows needs a permission of its own (docs: permissions required for GitHub Apps).
        if (path.StartsWith(".github/workflows/", StringComparison.Ordinal) && call.Caller.Token is { } token && !TokenStore.Permits(world.Tokens.Level(token, "workflows"), "write"))
        {
            return Answer.Error(403, "Resource not accessible by integration").With("X-Accepted-GitHub-Permissions", "contents=write; contents=write,workflows=write");
        }

        var branch = body["branch"]?.ToString() ?? repository.DefaultBranch;
        var reader = new GitReader(world.Git, repository.Folder);
        var actor = world.Accounts.Of(call.Caller);
        var (created, sha) = (false, "");
        await new RefChanges(world).ApplyAsync(
            repository,
            actor,
            async () =>
            {
                // Compared while nobody else writes: the SHA of the file is what guards against a lost update.
                created = await CompareAsync(reader, branch, path, body["sha"]?.ToString(), call.Aborted);
                sha = await new GitWriter(world).CommitAsync(
                    repository,
                    new JsonObject
                    {
                        ["branch"] = branch,
                        ["message"] = message,
                        ["author"] = body["author"]?["name"]?.ToString() ?? actor.Login,
                        ["files"] = new JsonObject { [path] = new JsonObject { ["base64"] = content.Replace("\n", "", StringComparison.Ordinal) } },
                    },
                    call.Aborted);
            },
            call.Aborted);
        world.Effects.Add("commit", repository, new JsonObject { ["sha"] = sha, ["branch"] = branch, ["path"] = path, ["actor"] = actor.Login });
        var entry = (await reader.TreeAsync(sha, recursive: true, call.Aborted)).First(entry => entry.Path == path);
        return Answer.Ok(new JsonObject { ["content"] = new ContentEndpoints(world).Json(call, entry, branch, "file"), ["commit"] = Commit(repository, (await reader.CommitAsync(sha, call.Aborted))!) }, created ? 201 : 200);
    }

    /// <summary>Whether the file is new; refuses a SHA that is missing or of an older version.</summary>
    private static async Task<bool> CompareAsync(GitReader reader, string branch, string path, string? sha, CancellationToken cancellationToken)
    {
        if (await reader.IsEmptyAsync(cancellationToken))
        {
            return true;
        }

        if (await reader.FirstAsync([$"refs/heads/{branch}"], cancellationToken) is null)
        {
            throw new RefusedException(Answer.Error(404, $"Branch {branch} not found"));
        }

        var present = await reader.FirstAsync([$"refs/heads/{branch}:{path}"], cancellationToken);
        return (present, sha) switch
        {
            (null, _) => true,
            (_, null) => throw new RefusedException(Answer.Invalid("Invalid request.\n\n\"sha\" wasn't supplied.")),
            ({ Type: "blob" } file, _) when file.Sha == sha => false,
            _ => throw new RefusedException(Answer.Error(409, $"{path} does not match {sha}")),
        };
    }

    private async ValueTask<Answer> CreateRef(Call call)
    {
        var (name, sha) = (call.Json["ref"]?.ToString() ?? "", call.Json["sha"]?.ToString() ?? "");
        var reader = RepositoryRoutes.Reader(world, call);
        await RepositoryRoutes.RequireCommitsAsync(reader, call.Aborted);
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Count(c => c == '/') < 2)
        {
            return Answer.Invalid("Reference name must start with 'refs/' and have at least two slashes.");
        }

        if (sha.Length != 40 || await reader.FirstAsync([sha], call.Aborted) is not { } target)
        {
            return Answer.Invalid("Object does not exist");
        }

        var actor = world.Accounts.Of(call.Caller);
        await new RefChanges(world).ApplyAsync(
            call.Repository,
            actor,
            async () =>
            {
                if (await reader.FirstAsync([name], call.Aborted) is not null)
                {
                    throw new RefusedException(Answer.Invalid("Reference already exists"));
                }

                await world.Git.RunAsync(call.Repository.Folder, ["update-ref", name, sha], call.Aborted);
            },
            call.Aborted);
        world.Effects.Add("ref", call.Repository, new JsonObject { ["ref"] = name, ["sha"] = sha, ["actor"] = actor.Login });
        return Answer.Ok(new RepositoryEndpoints(world).Json(call.Repository, name, target.Type, sha), 201);
    }

    /// <summary>Flatter than elsewhere: "file commit".</summary>
    private JsonObject Commit(Repository repository, GitCommit commit)
    {
        var full = commits.Full(repository, commit);
        var inner = full["commit"]!.AsObject();
        var json = new JsonObject();
        foreach (var name in new[] { "sha", "node_id", "url", "html_url", "parents" })
        {
            json[name] = full[name]!.DeepClone();
        }

        foreach (var name in new[] { "author", "committer", "message", "tree", "verification" })
        {
            json[name] = inner[name]!.DeepClone();
        }

        return json;
    }
}
