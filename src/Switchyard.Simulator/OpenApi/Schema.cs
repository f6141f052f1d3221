using System.Text.Json;
using System.Text.RegularExpressions;

namespace Switchyard.Simulator.OpenApi;

/// <summary>One schema of the description, compiled: the part of OpenAPI 3.0 that GitHub's file uses.</summary>
internal sealed class Schema
{
    public string? Type { get; init; }

    public bool Nullable { get; init; }

    public IReadOnlyList<string>? Enum { get; init; }

    public IReadOnlyDictionary<string, Schema> Properties { get; set; } = new Dictionary<string, Schema>();

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Null: not said.</summary>
    public bool? AdditionalAllowed { get; init; }

    public Schema? Additional { get; set; }

    public Schema? Items { get; set; }

    public IReadOnlyList<Schema> AllOf { get; set; } = [];

    public IReadOnlyList<Schema> OneOf { get; set; } = [];

    public string? Format { get; init; }

    public Regex? Pattern { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    /// <summary>An object of which nothing more is said may hold anything.</summary>
    public bool IsOpen => AdditionalAllowed == true || (AdditionalAllowed is null && Properties.Count == 0 && AllOf.Count == 0 && OneOf.Count == 0);

    public static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
