using System.Text.Json.Nodes;
using Switchyard.Simulator.Apps;
using Switchyard.Simulator.Effects;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Actions;

/// <summary>What an accepted dispatch leaves: a line in the log of effects, and its echo to subscribed Apps.</summary>
internal sealed class DispatchEvents(World world)
{
    public Effect Accepted(Repository repository, string kind, Account actor, JsonObject facts, string? dispatch)
    {
        facts["actor"] = actor.Login;
        facts["dispatch"] = dispatch;
        facts["runs"] = new JsonArray();
        return world.Effects.Add(kind, repository, facts);
    }

    public void Echo(Repository repository, string name, string? action, JsonObject facts, Account sender)
    {
        if (world.Faults.Find("dispatch.echo") is { } echo && !echo.Flag("on") && echo.Concerns(repository) && echo.Happens())
        {
            return;
        }

        world.Deliveries.Events.ToAll(repository, name, action, () =>
        {
            var payload = facts.DeepClone().AsObject();
            world.Deliveries.Events.AddRepository(payload, repository, sender, push: false);
            return payload;
        });
    }

    /// <summary>The id that a sender put in: <c>switchyard.dispatch</c> of a payload, or the input <c>switchyard_id</c>.</summary>
    public static string? IdIn(JsonObject given) =>
        ((given["switchyard"] as JsonObject)?["dispatch"] ?? given["switchyard_id"])?.ToString();
}
