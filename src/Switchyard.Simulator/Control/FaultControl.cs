namespace Switchyard.Simulator.Control;

/// <summary>The fault switches.</summary>
internal sealed class FaultControl(World world)
{
    public void Map(ControlApi.Adder add)
    {
        add("GET", "/faults", (_, _) => ControlApi.Done(world.Faults.ToJson()));
        add("PUT", "/faults/{name}", async (request, cancellationToken) =>
        {
            await world.Faults.SetAsync(request["name"], request.Body, cancellationToken);
            return null;
        });
        add("DELETE", "/faults/{name}", async (request, cancellationToken) =>
        {
            await world.Faults.ClearAsync(request["name"], cancellationToken);
            return null;
        });
        add("DELETE", "/faults", async (_, cancellationToken) =>
        {
            await world.Faults.ClearAllAsync(cancellationToken);
            return null;
        });
    }
}
