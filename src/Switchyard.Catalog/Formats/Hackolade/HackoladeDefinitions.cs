using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>Reads the model's own definitions and the embedded copies of other models' entities, both as entities.</summary>
internal sealed class HackoladeDefinitions(ReadingContext context, FieldSink sink, HackoladeAttributes attributes, string folder)
{
    private readonly AttributeTally uncounted = new();

    public IReadOnlyList<Entity> Read(JsonElement root, string section)
    {
        var read = new List<Entity>();
        var index = 0;
        foreach (var element in root.Get(section)?.Items("properties") ?? [])
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                if (!context.TakeItem())
                {
                    break;
                }

                var attribute = attributes.ReadOne(element, "", $"/{section}/properties/{index}", uncounted);
                read.Add(ToEntity(attribute, element));
            }

            index++;
        }

        return read;
    }

    private Entity ToEntity(EntityAttribute attribute, JsonElement element)
    {
        var mark = sink.Mark();
        foreach (var (name, value) in attribute.Extra)
        {
            // A path on the author's computer is nobody's business.
            var isLocal = name == "link" && element.Text("kind") == "localPath";
            sink.Add(name, isLocal ? JsonExtensions.TextElement(Link.OutsideTheRepository) : value);
        }

        foreach (var (name, value) in attribute.Constraints)
        {
            sink.Add(name, value);
        }

        AddGiven("default", attribute.Default);
        AddGiven("sample", attribute.Sample);
        AddFlag("required", attribute.Required);
        AddFlag("primaryKey", attribute.KeyFlags.HasFlag(KeyFlags.Primary));
        AddFlag("unique", attribute.KeyFlags.HasFlag(KeyFlags.Unique));
        return new()
        {
            Id = attribute.Id,
            IdKind = attribute.IdKind,
            Name = attribute.Name.Length > 0 ? attribute.Name : element.Text("collectionName") ?? "",
            TechnicalName = attribute.TechnicalName,
            Kind = EntityKind.Record,
            Description = attribute.Description,
            Active = attribute.Active,
            Type = attribute.Type,
            Attributes = attribute.Children,
            ReferenceTo = element.Words("link") is { } link
                ? new(element.Words("fieldRelativePath") ?? "", true, HackoladeLineage.Target(element, folder, link))
                : null,
            Source = attribute.Source,
            Extra = sink.Take(mark),
        };
    }

    private void AddGiven(string name, JsonElement? value)
    {
        if (value is { } given)
        {
            sink.Add(name, given);
        }
    }

    private void AddFlag(string name, bool on)
    {
        if (on)
        {
            sink.Add(name, True);
        }
    }

    private static readonly JsonElement True = JsonElement.Parse("true"u8.ToArray());
}
