using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>Check runs and suites of a commit.</summary>
internal sealed class CheckListEndpoints(World world)
{
    /// <summary>Only so many suites of a commit are looked at, the newest (OpenAPI: checks/list-for-ref).</summary>
    private const int MostSuites = 1000;

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/commits/{ref*}/check-runs", "checks", "read", RunsOfCommit);
        RepositoryRoutes.Add(router, "GET", "/commits/{ref*}/check-suites", "checks", "read", SuitesOfCommit);
        RepositoryRoutes.Add(router, "GET", "/check-suites/{check_suite_id}/check-runs", "checks", "read", call => new(RunsOfSuite(call)));
    }

    private async ValueTask<Answer> RunsOfCommit(Call call) => Runs(call, await SuitesAsync(call));

    private Answer RunsOfSuite(Call call) =>
        world.Checks.FindSuite(call.Repository, call.Id("check_suite_id")) is { } suite ? Runs(call, [suite]) : Answer.NotFound();

    private async ValueTask<Answer> SuitesOfCommit(Call call)
    {
        var name = call.Query("check_name");
        var suites = (await SuitesAsync(call)).Where(suite => name is null || suite.Runs.Any(run => run.Name == name)).Reverse().ToArray();
        return Paging.List(call, world, suites, world.Checks.Render.Suite, (items, total) => new JsonObject { ["total_count"] = total, ["check_suites"] = items });
    }

    private Answer Runs(Call call, IReadOnlyList<CheckSuite> suites)
    {
        var (name, status, all) = (call.Query("check_name"), call.Query("status"), call.Query("filter") == "all");
        CheckRun[] runs;
        lock (world.Acts)
        {
            runs = [.. suites.SelectMany(suite => all ? suite.Runs : suite.Latest)
                .Where(run => (name is null || run.Name == name) && (status is null || run.Status == status)).OrderByDescending(run => run.Id)];
        }

        return Paging.List(call, world, runs, world.Checks.Render.Run, (items, total) => new JsonObject { ["total_count"] = total, ["check_runs"] = items });
    }

    private async Task<IReadOnlyList<CheckSuite>> SuitesAsync(Call call)
    {
        var sha = await CommitRef.RequireAsync(world, call);
        var app = call.Query("app_id");
        return [.. world.Checks.Of(call.Repository, sha).TakeLast(MostSuites).Where(suite => app is null || suite.App.Id.ToString(CultureInfo.InvariantCulture) == app)];
    }
}
