using System.Text.Json;
using Switchyard.Catalog.Formats.Text;

namespace Switchyard.Catalog.Detection;

/// <summary>
/// The top-level keys of a JSON object that tell formats apart, in one pass without building a document: most .json files of a
/// repository are no models. Keys may come in any order, so the whole file is passed over.
/// </summary>
internal sealed class JsonSniff
{
    private bool collections;
    private bool relationships;
    private bool appTarget;
    private bool persistence;
    private bool info;
    private string? version;

    /// <summary>The text was JSON to its end.</summary>
    public bool Parses { get; private set; }

    public bool IsHackolade => collections && relationships && appTarget && persistence;

    public bool IsOpenApi => info && version is not null;

    public bool NamesJsonSchema { get; private set; }

    /// <summary>Keys of a JSON Schema that does not say what it is.</summary>
    public bool LooksLikeSchema { get; private set; }

    public bool IsAvroProtocol { get; private set; }

    public bool IsDbtManifest { get; private set; }

    public bool HasWeightMap { get; private set; }

    public static JsonSniff Of(ReadOnlyMemory<byte> bytes)
    {
        var sniff = new JsonSniff();
        var text = TextPlace.WithoutBom(bytes).Span;
        try
        {
            sniff.Read(text);
        }
        catch (JsonException)
        {
            sniff.Parses = false;
        }

        return sniff;
    }

    private void Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Bounds.JsonDepth });
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader);
            }
        }
        else
        {
            reader.Skip();
        }

        // One more read: text behind the end is no JSON.
        Parses = !reader.Read();
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        var key = name.Length is >= 4 and <= 32 ? KeyOf(name) : Key.Other;
        reader.Read();
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        var isText = reader.TokenType == JsonTokenType.String;
        switch (key)
        {
            case Key.Collections: collections = isArray; break;
            case Key.Relationships: relationships = isArray; break;
            case Key.AppTarget: appTarget = isText; break;
            case Key.Persistence: persistence = isText; break;
            case Key.Info: info = isObject; break;
            case Key.OpenApi when isText && reader.ValueSpan.StartsWith("3."u8): version = "3"; break;
            case Key.Swagger when isText && reader.ValueSpan.SequenceEqual("2.0"u8): version = "2"; break;
            case Key.Schema when isText: NamesJsonSchema = reader.ValueSpan.IndexOf("json-schema.org"u8) >= 0; break;
            case Key.SchemaWord: LooksLikeSchema = true; break;
            case Key.Protocol: IsAvroProtocol = isText; break;
            case Key.WeightMap: HasWeightMap = isObject; break;
            case Key.Metadata when isObject: ReadMetadata(ref reader); return;
            default: break;
        }

        reader.Skip();
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            IsDbtManifest |= reader.ValueSpan.SequenceEqual("dbt_schema_version"u8);
            reader.Read();
            reader.Skip();
        }
    }

    private static Key KeyOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("collections"u8) => Key.Collections,
        _ when name.SequenceEqual("relationships"u8) => Key.Relationships,
        _ when name.SequenceEqual("appTarget"u8) => Key.AppTarget,
        _ when name.SequenceEqual("persistenceSchemaVersion"u8) => Key.Persistence,
        _ when name.SequenceEqual("info"u8) => Key.Info,
        _ when name.SequenceEqual("openapi"u8) => Key.OpenApi,
        _ when name.SequenceEqual("swagger"u8) => Key.Swagger,
        _ when name.SequenceEqual("$schema"u8) => Key.Schema,
        _ when name.SequenceEqual("type"u8) || name.SequenceEqual("properties"u8) || name.SequenceEqual("$defs"u8) || name.SequenceEqual("definitions"u8) => Key.SchemaWord,
        _ when name.SequenceEqual("protocol"u8) => Key.Protocol,
        _ when name.SequenceEqual("weight_map"u8) => Key.WeightMap,
        _ when name.SequenceEqual("metadata"u8) => Key.Metadata,
        _ => Key.Other,
    };

    private enum Key
    {
        Other,
        Collections,
        Relationships,
        AppTarget,
        Persistence,
        Info,
        OpenApi,
        Swagger,
        Schema,
        SchemaWord,
        Protocol,
        WeightMap,
        Metadata,
    }
}
