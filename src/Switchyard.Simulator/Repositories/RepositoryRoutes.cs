using Switchyard.Simulator.Git;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>Adds an operation on a repository under its name and under its number.</summary>
internal static class RepositoryRoutes
{
    public static void Add(Router router, string method, string rest, string permission, string level, RouteHandler handler)
    {
        var route = new Route(method, "/repos/{owner}/{repo}" + rest, Audience.Repository, handler) { Permission = permission, Level = level };
        router.Add(route);
        router.Add(route with { Template = "/repositories/{repository_id}" + rest });
    }

    public static GitReader Reader(World world, Call call) => new(world.Git, Folder(world, call.Repository));

    /// <summary>The switch <c>repo.empty</c> shows an empty repository in place of the real one.</summary>
    public static string Folder(World world, Repository repository)
    {
        if (world.Faults.Find("repo.empty") is not { } empty || !empty.Concerns(repository))
        {
            return repository.Folder;
        }

        var folder = Path.Combine(world.Folder, "repositories", "empty.git");
        if (!Directory.Exists(folder))
        {
            world.Git.RunAsync(world.Folder, ["init", "--quiet", "--bare", folder], CancellationToken.None).GetAwaiter().GetResult();
        }

        return folder;
    }

    /// <summary>409 is GitHub's answer for commits, trees and refs of a repository without any.</summary>
    public static async Task RequireCommitsAsync(GitReader reader, CancellationToken cancellationToken)
    {
        if (await reader.IsEmptyAsync(cancellationToken))
        {
            throw new RefusedException(Answer.Error(409, "Git Repository is empty."));
        }
    }
}
