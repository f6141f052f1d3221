using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.Repositories;

/// <summary>The checks that a branch requires: by a ruleset, or by the older protection of branches.</summary>
internal sealed class RequiredCheckEndpoints(World world)
{
    public void Map(Router router)
    {
        RepositoryRoutes.Add(router, "GET", "/rules/branches/{branch*}", "metadata", "read", call => new(Rules(call)));
        RepositoryRoutes.Add(router, "GET", "/branches/{branch*}/protection/required_status_checks", "administration", "read", call => new(Protection(call)));
    }

    private Answer Rules(Call call)
    {
        var required = Of(call, byRuleset: true);
        return Paging.List(call, world, required, checks => new JsonObject
        {
            ["type"] = "required_status_checks",
            ["ruleset_source_type"] = "Repository",
            ["ruleset_source"] = call.Repository.FullName,
            ["ruleset_id"] = 1,
            ["parameters"] = new JsonObject
            {
                ["strict_required_status_checks_policy"] = false,
                ["required_status_checks"] = new JsonArray([.. checks.Names.Select(name => new JsonObject { ["context"] = name })]),
            },
        });
    }

    private Answer Protection(Call call)
    {
        if (Of(call, byRuleset: false) is not [var checks, ..])
        {
            return Answer.Error(404, "Branch not protected");
        }

        var url = world.Urls.Api($"/repos/{call.Repository.FullName}/branches/{Uri.EscapeDataString(checks.Branch)}/protection/required_status_checks");
        return Answer.Ok(new JsonObject
        {
            ["url"] = url,
            ["strict"] = false,
            ["contexts"] = Wire.List(checks.Names),
            ["checks"] = new JsonArray([.. checks.Names.Select(name => new JsonObject { ["context"] = name, ["app_id"] = null })]),
            ["contexts_url"] = url + "/contexts",
        });
    }

    private static RequiredChecks[] Of(Call call, bool byRuleset) => [.. call.Repository.Required.Where(checks => checks.ByRuleset == byRuleset && checks.Branch == call["branch"])];
}
