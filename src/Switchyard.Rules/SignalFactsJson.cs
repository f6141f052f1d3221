using System.Text.Json;
using System.Text.Json.Serialization;

namespace Switchyard.Rules;

public sealed partial record SignalFacts
{
    /// <summary>The facts as they are stored; what is null is left out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SignalFactsJson.Default.SignalFacts);

    /// <summary>Reads what any version has stored: unknown members are ignored, missing ones are null.</summary>
    /// <exception cref="JsonException">The text is no JSON object, or a known member has another type.</exception>
    public static SignalFacts FromJson(string json) =>
        JsonSerializer.Deserialize(json, SignalFactsJson.Default.SignalFacts) ?? throw new JsonException("The facts of a Signal are null.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(SignalFacts))]
internal sealed partial class SignalFactsJson : JsonSerializerContext;
