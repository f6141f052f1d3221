using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Actions;

/// <summary>The contexts <c>github</c> and <c>inputs</c> of a run, for the placeholders of its file.</summary>
internal static class RunContexts
{
    public static JsonObject Of(RunStart start, long id)
    {
        var name = start.Ref.Split('/', 3) is [_, _, var rest] ? rest : start.Ref;
        return new JsonObject
        {
            ["github"] = new JsonObject
            {
                ["event_name"] = start.Event,
                ["event"] = start.Payload.DeepClone(),
                ["ref"] = start.Ref,
                ["ref_name"] = name,
                ["ref_type"] = start.Ref.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag" : "branch",
                ["head_ref"] = start.Event == "pull_request" ? start.Branch : "",
                ["sha"] = start.Head.Sha,
                ["repository"] = start.Repository.FullName,
                ["repository_owner"] = start.Repository.Owner.Login,
                ["workflow"] = start.File.Name,
                ["actor"] = start.Actor.Login,
                ["run_id"] = id,
                ["run_number"] = start.Workflow.LastRun,
            },
            ["inputs"] = start.Inputs.DeepClone(),
        };
    }
}
