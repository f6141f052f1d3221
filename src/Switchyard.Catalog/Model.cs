namespace Switchyard.Catalog;

/// <summary>How much of a model could be read.</summary>
public enum ModelStatus
{
    /// <summary>Read whole.</summary>
    Ready,

    /// <summary>Read in part; a problem says what is missing.</summary>
    Partial,

    /// <summary>Not readable; only name, format and problems are known.</summary>
    Failed,

    /// <summary>A Git LFS pointer stands in for the content.</summary>
    Pointer,
}

/// <summary>The one form every format is read into (catalogue, section 3).</summary>
public sealed record Model
{
    /// <summary>The path in the repository; with the repository it is the identity of the model. A folder model has the folder's path.</summary>
    public required string Path { get; init; }

    /// <summary>The format id, lower case, for example <c>hackolade</c> (see <see cref="ModelFormat"/>).</summary>
    public required string Format { get; init; }

    public required string Name { get; init; }

    public ModelStatus Status { get; init; }

    public string? TechnicalName { get; init; }

    /// <summary>What the model is made for, as written in it: a database, a protocol, a framework.</summary>
    public string? Target { get; init; }

    public string? TargetVersion { get; init; }

    /// <summary>The author's own label; it is no Version of ours.</summary>
    public string? AuthorVersion { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>SHA-256 in lower-case hex of the file; of a folder model over its sorted members. Null when the file was not read whole.</summary>
    public string? Digest { get; init; }

    /// <summary>Facts of the format, by name.</summary>
    public JsonFields Facts { get; init; } = JsonFields.Empty;

    public IReadOnlyList<Container> Containers { get; init; } = [];

    public IReadOnlyList<Relationship> Relationships { get; init; } = [];

    public IReadOnlyList<Operation> Operations { get; init; } = [];

    public IReadOnlyList<View> Views { get; init; } = [];

    public IReadOnlyList<Entity> Definitions { get; init; } = [];

    /// <summary>Copies of entities of other models that the author's tool embeds; they are not counted as this model's own.</summary>
    public IReadOnlyList<Entity> Snapshots { get; init; } = [];

    public IReadOnlyList<Link> Links { get; init; } = [];

    public IReadOnlyList<ModelProblem> Problems { get; init; } = [];

    public ModelCounts Counts { get; init; } = new();

    /// <summary>The version of the reader that made this; facts are re-read when it changes, Versions are not.</summary>
    public string ParserVersion { get; init; } = ModelCatalog.ParserVersion;

    /// <summary>All entities of all containers, in order.</summary>
    public IEnumerable<Entity> Entities => Containers.SelectMany(container => container.Entities);
}

/// <summary>The counting rules of the catalogue, section 6.</summary>
public sealed record ModelCounts
{
    public int Containers { get; init; }

    public int Entities { get; init; }

    public int ReferenceEntities { get; init; }

    /// <summary>Every node of the attribute trees, references not expanded.</summary>
    public int AttributeNodes { get; init; }

    /// <summary>As <see cref="AttributeNodes"/> without array items and alternatives (their children still count).</summary>
    public int Attributes { get; init; }

    /// <summary>As <see cref="Attributes"/> with reference entities counted through what they refer to: the figure shown as "Attributes".</summary>
    public int AttributesResolved { get; init; }

    public int Relationships { get; init; }

    public int Views { get; init; }

    public int Definitions { get; init; }
}

public enum ContainerKind
{
    None,
    Schema,
    Keyspace,
    Package,
    Project,
    Tag,
    Scope,
}

/// <summary>A group of entities; <see cref="ContainerKind.None"/> holds those that belong to no group.</summary>
public sealed record Container
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? TechnicalName { get; init; }

    public ContainerKind Kind { get; init; }

    public string? Description { get; init; }

    public bool Active { get; init; } = true;

    public IReadOnlyList<Entity> Entities { get; init; } = [];

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

/// <summary>What an id is worth when two Versions are compared, strongest first.</summary>
public enum IdKind
{
    Guid,
    Number,
    NameAlias,
    UniqueId,
    Pointer,
    QualifiedName,
    Name,

    /// <summary>The id is met twice among siblings: only the path identifies the node.</summary>
    Path,
}

public enum RelationshipKind
{
    ForeignKey,
    Master,
    Edge,
    Reference,
    Lineage,
}

public sealed record Relationship
{
    public required string Id { get; init; }

    public IdKind IdKind { get; init; }

    public string? Name { get; init; }

    public RelationshipKind Kind { get; init; }

    /// <summary>The parent, the referred end.</summary>
    public required RelationshipEnd From { get; init; }

    /// <summary>The child, the referring end.</summary>
    public required RelationshipEnd To { get; init; }

    public string? Description { get; init; }

    public bool Active { get; init; } = true;

    public IReadOnlyList<EntityAttribute> Attributes { get; init; } = [];

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

/// <summary>One end of a relationship.</summary>
/// <param name="EntityId">The id of the entity, as written.</param>
/// <param name="Known">The id names an entity of this model.</param>
/// <param name="AttributeIds">The attributes; nested ones as ids joined by '/'.</param>
/// <param name="Cardinality">As written: 0..1, 1, 0..n, 1..n.</param>
public sealed record RelationshipEnd(string EntityId, bool Known, IReadOnlyList<string> AttributeIds, string? Cardinality);

/// <summary>An operation of an API format.</summary>
public sealed record Operation
{
    /// <summary>Method and path, or service and call.</summary>
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<EntityAttribute> Inputs { get; init; } = [];

    public IReadOnlyList<EntityAttribute> Outputs { get; init; } = [];

    public bool Deprecated { get; init; }

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

public sealed record View
{
    public required string Id { get; init; }

    public IdKind IdKind { get; init; }

    public required string Name { get; init; }

    public string? TechnicalName { get; init; }

    public string? ContainerId { get; init; }

    /// <summary>The entity it is a view of, by id, where the format says so.</summary>
    public string? On { get; init; }

    /// <summary>The statement or pipeline that makes the view.</summary>
    public string? Statement { get; init; }

    public string? Description { get; init; }

    public bool Active { get; init; } = true;

    public IReadOnlyList<EntityAttribute> Attributes { get; init; } = [];

    public JsonFields Extra { get; init; } = JsonFields.Empty;
}

public enum LinkKind
{
    Polyglot,
    External,
    Ref,
    Source,
    Run,
    RegistryEntry,
}

/// <summary>An edge of the lineage.</summary>
/// <param name="Kind">What sort of edge.</param>
/// <param name="Target">A path in the repository, <c>owner/repository@branch:path</c>, a pointer inside the file, an id of a registry or a run.</param>
/// <param name="Resolved">The target is known to exist. Targets outside the file are resolved by the catalog's owner.</param>
/// <param name="Pointer">The place inside the target, where one is named.</param>
public sealed record Link(LinkKind Kind, string Target, bool Resolved, string? Pointer = null)
{
    /// <summary>The target of a link to a path on the author's computer, which is never shown.</summary>
    public const string OutsideTheRepository = "(outside the repository)";
}

public enum ProblemSeverity
{
    Information,
    Warning,
    Error,
}

/// <summary>Something that was wrong in a model, told to its author.</summary>
/// <param name="Code">A stable code, see <see cref="ProblemCode"/>.</param>
/// <param name="Message">One sentence in plain words.</param>
/// <param name="Severity">Error: the model or a part of it could not be read.</param>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Offset">The byte in the file, from 0.</param>
public sealed record ModelProblem(string Code, string Message, ProblemSeverity Severity, int? Line = null, long? Offset = null);

/// <summary>The codes of <see cref="ModelProblem"/>.</summary>
public static class ProblemCode
{
    public const string ParseFailed = nameof(ParseFailed);
    public const string NotHackolade = nameof(NotHackolade);
    public const string TooLarge = nameof(TooLarge);
    public const string HeaderTooLarge = nameof(HeaderTooLarge);
    public const string Truncated = nameof(Truncated);
    public const string InvalidUtf8 = nameof(InvalidUtf8);
    public const string ReferenceUnresolved = nameof(ReferenceUnresolved);
    public const string DuplicateId = nameof(DuplicateId);
    public const string Malformed = nameof(Malformed);
    public const string Unsupported = nameof(Unsupported);
}
