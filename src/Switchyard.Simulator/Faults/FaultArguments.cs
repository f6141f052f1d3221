using System.Globalization;
using System.Text.Json.Nodes;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Faults;

/// <summary>
/// What a switch was set to. Every switch that strikes again and again also takes <c>rate</c> (0..1, by seeded chance),
/// <c>every</c> (each n-th), <c>skip</c> (the first n are spared) and <c>times</c> (so often, then never again).
/// </summary>
internal sealed class FaultArguments(JsonObject json, Random random)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource cleared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int asked;
    private int struck;

    public JsonObject Json { get; } = json;

    /// <summary>How often it struck, for the list of switches.</summary>
    public int Struck => struck;

    /// <summary>Completes when the switch is cleared or set anew.</summary>
    public Task Cleared => cleared.Task;

    public void Clear() => cleared.TrySetResult();

    public bool Has(string name) => Json[name] is not null;

    public string? Text(string name) => Json[name]?.ToString();

    public double Number(string name, double otherwise) =>
        Json[name] is { } value ? double.Parse(value.ToString(), CultureInfo.InvariantCulture) : otherwise;

    public int Int(string name, int otherwise) => (int)Number(name, otherwise);

    public long Long(string name, long otherwise) => (long)Number(name, otherwise);

    public bool Flag(string name, bool otherwise = false) => Json[name] is { } value ? value.ToString() == "true" : otherwise;

    public IEnumerable<KeyValuePair<string, string>> Texts(string name) =>
        (Json[name] as JsonObject ?? []).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString() ?? ""));

    /// <summary>Draws once whether the fault strikes now.</summary>
    public bool Happens()
    {
        lock (gate)
        {
            asked++;
            var strikes = asked > Int("skip", 0)
                && struck < Int("times", int.MaxValue)
                && (!Has("every") || (asked - Int("skip", 0)) % Math.Max(1, Int("every", 1)) == 0)
                && (!Has("rate") || random.NextDouble() < Number("rate", 1));
            struck += strikes ? 1 : 0;
            return strikes;
        }
    }

    public double Between(double low, double high)
    {
        lock (gate)
        {
            return low + (random.NextDouble() * (high - low));
        }
    }

    public int Below(int count)
    {
        lock (gate)
        {
            return random.Next(count);
        }
    }

    /// <summary>Whether it is meant for this repository: <c>repository</c> holds a full name, a name, or nothing for all.</summary>
    public bool Concerns(Repository repository) =>
        Text("repository") is not { } name
        || string.Equals(name, repository.FullName, StringComparison.OrdinalIgnoreCase)
        || string.Equals(name, repository.Name, StringComparison.OrdinalIgnoreCase);

    public bool ConcernsEvent(string name) => Text("event") is not { } wanted || wanted == name;

    /// <summary>Whether the address contains the text <c>route</c>.</summary>
    public bool ConcernsRoute(string address) => Text("route") is not { } wanted || address.Contains(wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the version given (or the usual one) is lower than major.minor.</summary>
    public bool IsVersionBelow(string name, string otherwise, int major, int minor) =>
        Version.TryParse(Text(name) ?? otherwise, out var version) && version < new Version(major, minor);
}
