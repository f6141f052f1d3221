using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Checks;

/// <summary>Check runs of Apps: make one, change it, read it.</summary>
internal sealed class CheckRunEndpoints(World world)
{
    private static readonly string[] Required = ["name", "head_sha"];

    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "POST", "/check-runs", "checks", "write", Create);
        RepositoryRoutes.Add(router, "PATCH", "/check-runs/{check_run_id}", "checks", "write", call => new(Update(call)));
        RepositoryRoutes.Add(router, "GET", "/check-runs/{check_run_id}", "checks", "read", call => new(Answer.Ok(world.Checks.Render.Run(Find(call)))));
    }

    private async ValueTask<Answer> Create(Call call)
    {
        var body = call.Json;
        if (call.Caller.Token?.Installation?.App is not { } app)
        {
            return Answer.Error(403, "You must authenticate via a GitHub App.");
        }

        if (Required.FirstOrDefault(name => string.IsNullOrEmpty(body[name]?.ToString())) is { } missing)
        {
            return Answer.Invalid($"Invalid request.\n\n\"{missing}\" wasn't supplied.");
        }

        if (CheckBody.Refuse(body) is { } refused)
        {
            return refused;
        }

        var sha = body["head_sha"]!.ToString();
        if (await world.Checks.SuiteAsync(call.Repository, app, sha, call.Aborted) is not { } suite)
        {
            return Answer.Invalid($"No commit found for SHA: {sha}");
        }

        var run = world.Checks.Add(suite, body["name"]!.ToString(), world.Accounts.Of(call.Caller), made => CheckBody.Fill(made, body, world.Clock.Now));
        return Answer.Ok(world.Checks.Render.Run(run), 201);
    }

    private Answer Update(Call call)
    {
        var run = Find(call);
        var app = call.Caller.Token?.Installation?.App;
        if (run.App != app)
        {
            return Answer.Error(403, $"Invalid app_id `{app?.Id ?? 0}` - check run can only be modified by the GitHub App that created it.");
        }

        if (CheckBody.Refuse(call.Json) is { } refused)
        {
            return refused;
        }

        world.Checks.Update(run, world.Accounts.Of(call.Caller), changed => CheckBody.Fill(changed, call.Json, world.Clock.Now));
        return Answer.Ok(world.Checks.Render.Run(run));
    }

    private CheckRun Find(Call call) => world.Checks.FindRun(call.Repository, call.Id("check_run_id")) ?? throw new RefusedException(Answer.NotFound());
}
