using System.Text.Json;

namespace Switchyard.Catalog;

public enum EntityKind
{
    Table,
    Collection,
    Record,
    Message,
    Node,
    Edge,
    Request,
    Response,
    Signature,
    TensorGroup,
    View,
}

/// <summary>A table, collection, message ...: something with attributes.</summary>
public sealed record Entity
{
    public required string Id { get; init; }

    public IdKind IdKind { get; init; }

    public required string Name { get; init; }

    public string? TechnicalName { get; init; }

    public EntityKind Kind { get; init; }

    public string? Description { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>The type of a definition that is no structure, for example an enumeration; null for anything with attributes of its own.</summary>
    public AttributeType? Type { get; init; }

    public IReadOnlyList<EntityAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<EntityKey> Keys { get; init; } = [];

    /// <summary>Check constraints and the like, as written.</summary>
    public IReadOnlyList<JsonElement> Constraints { get; init; } = [];

    /// <summary>Indexes, as written.</summary>
    public IReadOnlyList<JsonElement> Indexes { get; init; } = [];

    /// <summary>Set when the entity is defined elsewhere and shown through what it refers to.</summary>
    public EntityReference? ReferenceTo { get; init; }

    /// <summary>The author's own place in the diagram.</summary>
    public EntityLayout? Layout { get; init; }

    public SourcePlace? Source { get; init; }

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

public enum KeyKind
{
    Primary,
    Unique,
    Foreign,
    Partition,
    Clustering,
}

public sealed record EntityKey(string Id, KeyKind Kind, string? Name, IReadOnlyList<string> AttributeIds)
{
    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

/// <summary>Where a reference entity comes from.</summary>
/// <param name="Path">The model and the place in it, as far as the file says.</param>
/// <param name="Resolved">The embedded snapshot of the target was found.</param>
/// <param name="ModelPath">The path of the model in the same repository, when it is known.</param>
public sealed record EntityReference(string Path, bool Resolved, string? ModelPath = null);

/// <summary>Place and size in the author's diagram, in its own units.</summary>
public sealed record EntityLayout(double X, double Y, double Width, double Height, string? Color);

/// <summary>Where a node stands in its file: a line from 1, or a JSON pointer.</summary>
public sealed record SourcePlace(string? Pointer, int? Line = null);

public enum AttributeRole
{
    Field,
    Item,
    Alternative,
}

[Flags]
public enum KeyFlags
{
    None = 0,
    Primary = 1,
    Unique = 2,
    Foreign = 4,
    Partition = 8,
    Clustering = 16,
}

/// <summary>A column, field, property, tensor ...</summary>
public sealed record EntityAttribute
{
    public required string Id { get; init; }

    public IdKind IdKind { get; init; }

    /// <summary>The names from the entity down, joined by '.'; an array item is <c>[]</c>, a nameless node <c>(unnamed)</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The name as written, possibly empty.</summary>
    public required string Name { get; init; }

    public string? TechnicalName { get; init; }

    public AttributeRole Role { get; init; }

    public required AttributeType Type { get; init; }

    public bool Required { get; init; }

    public JsonElement? Default { get; init; }

    public JsonElement? Sample { get; init; }

    /// <summary>Bounds, pattern, format and the like, as written.</summary>
    public JsonFields Constraints { get; init; } = JsonFields.Empty;

    public KeyFlags KeyFlags { get; init; }

    public string? Description { get; init; }

    public bool Active { get; init; } = true;

    public IReadOnlyList<EntityAttribute> Children { get; init; } = [];

    public SourcePlace? Source { get; init; }

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

/// <summary>The type of an attribute.</summary>
/// <param name="Name">The type in the words of the format.</param>
/// <param name="Native">The type in the words of the target, when it differs.</param>
public sealed record AttributeType(string Name, string? Native = null)
{
    /// <summary>Length, precision, scale, shape and the like, as written.</summary>
    public JsonFields Params { get; init; } = JsonFields.Empty;

    public bool Nullable { get; init; }

    public bool Repeated { get; init; }

    /// <summary>What the type refers to: an id, a pointer or a name.</summary>
    public string? Ref { get; init; }

    /// <summary>The allowed values, as written.</summary>
    public IReadOnlyList<JsonElement> Enum { get; init; } = [];

    /// <summary>The type as shown.</summary>
    public string Display => string.IsNullOrEmpty(Native) ? Name : Native;
}
