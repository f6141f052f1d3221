using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Faults;

/// <summary>Which switches are on. All are off at the start.</summary>
internal sealed class FaultBoard(int seed)
{
    private readonly ConcurrentDictionary<string, FaultArguments> on = new(StringComparer.Ordinal);

    public FaultActions? Actions { get; set; }

    public FaultArguments? Find(string name) => on.GetValueOrDefault(name);

    public bool IsOn(string name) => on.ContainsKey(name);

    /// <exception cref="ArgumentException">Unknown name, or arguments that cannot be carried out.</exception>
    public async Task SetAsync(string name, JsonObject arguments, CancellationToken cancellationToken)
    {
        var known = FaultCatalog.Find(name) ?? throw new ArgumentException($"No switch is called '{name}'. GET /_simulator/faults lists them.", nameof(name));
        known.Check(arguments);
        // Seeded by the name too, so that two switches do not draw the same numbers.
        var set = new FaultArguments(arguments.DeepClone().AsObject(), new Random(unchecked(seed * 397) ^ name.Sum(c => c * 31)));
        if (known.Action)
        {
            await Actions!.RunAsync(name, set, cancellationToken);
        }

        on.AddOrUpdate(name, set, (_, old) =>
        {
            old.Clear();
            return set;
        });
    }

    public async Task ClearAsync(string name, CancellationToken cancellationToken)
    {
        if (on.TryRemove(name, out var old))
        {
            old.Clear();
            await Actions!.UndoAsync(name, old, cancellationToken);
        }
    }

    public async Task ClearAllAsync(CancellationToken cancellationToken)
    {
        foreach (var name in on.Keys)
        {
            await ClearAsync(name, cancellationToken);
        }
    }

    /// <summary>Lets go whatever a switch holds up, without undoing anything: the simulator ends.</summary>
    public void ReleaseAll()
    {
        foreach (var held in on.Values)
        {
            held.Clear();
        }

        on.Clear();
    }

    public JsonArray ToJson() => new([.. FaultCatalog.All.Select(known => new JsonObject
    {
        ["name"] = known.Name,
        ["row"] = known.Row,
        ["description"] = known.Description,
        ["takes"] = Wire.List(known.Known),
        ["on"] = on.ContainsKey(known.Name),
        ["arguments"] = Find(known.Name)?.Json.DeepClone(),
        ["struck"] = Find(known.Name)?.Struck ?? 0,
    })]);
}
