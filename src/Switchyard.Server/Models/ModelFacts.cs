using System.Text.Encodings.Web;
using System.Text.Json;
using Switchyard.Catalog;

namespace Switchyard.Server.Models;

internal static class ModelState
{
    public const string Active = "Active";
    public const string Removed = "Removed";
    public const string Ignored = "Ignored";

    public static readonly string[] All = [Active, Removed, Ignored];
}

/// <summary>What one reading of a model says of it, as far as it is stored.</summary>
internal sealed record ModelFacts(string Format, string Status, int ProblemCount)
{
    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>What is shown of the model; null where only its Version is recorded.</summary>
    public ModelDisplay? Display { get; init; }

    /// <summary>What is only worth knowing is shown with the model, and is no problem.</summary>
    public static ModelFacts Of(Model model, bool withDisplay) =>
        new(model.Format, model.Status.ToString(), model.Problems.Count(problem => problem.Severity != ProblemSeverity.Information))
    {
        Display = withDisplay
            ? new ModelDisplay(
                Short(model.Name),
                model.TechnicalName is { } technical ? Short(technical) : null,
                model.Target,
                model.Counts,
                JsonSerializer.Serialize(model.Problems, Plain),
                JsonSerializer.Serialize(model.Facts.ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal), Plain),
                ModelSearchText.Of(model))
            : null,
    };

    /// <summary>A name is sorted by, and an index of PostgreSQL takes 2,704 bytes; the whole of it is in the structure.</summary>
    private static string Short(string name)
    {
        const int Longest = 300;
        return name.Length <= Longest ? name : name[..(char.IsHighSurrogate(name[Longest - 1]) ? Longest - 1 : Longest)];
    }
}

/// <summary>What lists, search and pages show of a model. Problems and facts are JSON.</summary>
internal sealed record ModelDisplay(
    string Name, string? TechnicalName, string? Target, ModelCounts Counts, string Problems, string Facts, string SearchText)
{
    /// <summary>Of a model that could not be read even so far: by its path.</summary>
    public static ModelDisplay Unreadable(string path, string problems) =>
        new(path[(path.LastIndexOf('/') + 1)..], null, null, new ModelCounts(), problems, "{}", path.ToLowerInvariant());
}
