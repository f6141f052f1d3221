using System.Text.Json.Nodes;
using Switchyard.Simulator.Repositories;

namespace Switchyard.Simulator.Effects;

/// <summary>
/// Everything that callers brought about: each accepted dispatch, run, check run, status, commit and secret, once for each time.
/// Nothing is ever left out, so that another process can count.
/// </summary>
internal sealed class EffectLog(Agenda agenda)
{
    private readonly Lock gate = new();
    private readonly List<Effect> effects = [];
    private long sequence;

    public IReadOnlyList<Effect> All
    {
        get
        {
            lock (gate)
            {
                return [.. effects];
            }
        }
    }

    public Effect Add(string kind, Repository? repository, JsonObject facts)
    {
        lock (gate)
        {
            var effect = new Effect(++sequence, agenda.Now, kind, repository?.FullName, repository?.Id, facts);
            effects.Add(effect);
            return effect;
        }
    }

    /// <summary>Numbers go on, so that a reader who asks for what came after one misses nothing.</summary>
    public void Clear()
    {
        lock (gate)
        {
            effects.Clear();
        }
    }
}

internal sealed record Effect(long Sequence, DateTimeOffset At, string Kind, string? Repository, long? RepositoryId, JsonObject Facts)
{
    private readonly Lock gate = new();

    /// <summary>Adds what became known later, for instance the runs that a dispatch started.</summary>
    public void Append(string list, JsonNode value)
    {
        lock (gate)
        {
            (Facts[list] as JsonArray ?? (JsonArray)(Facts[list] = new JsonArray())!).Add(value);
        }
    }

    public JsonObject ToJson()
    {
        lock (gate)
        {
            var json = new JsonObject { ["sequence"] = Sequence, ["at"] = At.ToString("O"), ["kind"] = Kind, ["repository"] = Repository, ["repositoryId"] = RepositoryId };
            foreach (var (name, value) in Facts)
            {
                json[name] = value?.DeepClone();
            }

            return json;
        }
    }
}
