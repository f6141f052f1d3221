using System.Text.Json.Nodes;
using Switchyard.Simulator.Http;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>The switches that act on dispatches: before they are accepted, after, and in what is answered.</summary>
internal sealed class DispatchFaults(World world)
{
    /// <summary>Fails before anything happened, or after it has: both look the same to the sender.</summary>
    public async ValueTask<Answer> AroundAsync(Call call, Func<Task<Answer>> accept)
    {
        if (world.Faults.Find("dispatch.failBefore") is { } before && before.Concerns(call.Repository) && before.Happens())
        {
            return Answer.Error(before.Int("status", 502), "Server Error").By("dispatch.failBefore");
        }

        var answer = await accept();
        if (answer.Status >= 300)
        {
            return answer;
        }

        if (world.Faults.Find("dispatch.acceptThenFail") is { } after && after.Concerns(call.Repository) && after.Happens())
        {
            return Answer.Error(after.Int("status", 502), "Server Error").By("dispatch.acceptThenFail");
        }

        if (world.Faults.Find("dispatch.acceptThenDrop") is { } drop && drop.Concerns(call.Repository) && drop.Happens())
        {
            if (drop.Flag("hold"))
            {
                // The answer that comes too late: the sender has long given up, or the switch was cleared.
                await drop.Cleared.WaitAsync(call.Aborted);
                return answer.By("dispatch.acceptThenDrop");
            }

            call.Http.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, world.Options.Time, call.Aborted);
        }

        return answer;
    }

    /// <summary>Accepted, and no run comes of it: nobody listens, or a burst was cut off.</summary>
    public bool Swallows(Repository repository) =>
        (world.Faults.Find("dispatch.noRun") is { } none && none.Concerns(repository) && none.Happens())
        || (world.Faults.Find("dispatch.swallow") is { } some && some.Concerns(repository) && some.Happens());

    /// <summary>A host that does not know the field refuses the whole request.</summary>
    public Answer? RefuseDetails(JsonObject body)
    {
        if (!body.ContainsKey("return_run_details"))
        {
            return null;
        }

        var old = world.Faults.Find("api.ghes") is { } ghes && ghes.IsVersionBelow("version", "3.20", 3, 21);
        var fault = world.Faults.Find("dispatch.details");
        var status = fault?.Int("status", 400) ?? 400;
        return old || (fault is not null && status >= 400)
            ? Answer.Error(status >= 400 ? status : 400, "Invalid request.\n\n\"return_run_details\" is not a permitted key.").By(old ? "api.ghes" : "dispatch.details")
            : null;
    }

    public bool GivesDetails(JsonObject body) =>
        body["return_run_details"]?.GetValue<bool>() == true && world.Faults.Find("dispatch.details")?.Int("status", 400) != 204;
}
