namespace Switchyard.Server.Models.Diagrams;

/// <summary>What is drawn of a model: its entities with their fields, and what joins them.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Name">Its name.</param>
/// <param name="Total">Entities of the model; those that are not among <paramref name="Entities"/> were not asked for.</param>
/// <param name="Fields">Which fields each entity has here: <c>all</c> or <c>keys</c>.</param>
/// <param name="Placed">The author's own places are known, so nothing is to be laid out.</param>
/// <param name="Focus">The entity in the middle, where only it and its neighbours were asked for.</param>
/// <param name="Entities">The entities.</param>
/// <param name="Relationships">Those with both ends among the entities.</param>
public sealed record ModelDiagram(
    string ModelId, string Name, int Total, string Fields, bool Placed, string? Focus, IReadOnlyList<DiagramEntity> Entities, IReadOnlyList<DiagramRelationship> Relationships);

/// <summary>A box.</summary>
/// <param name="Id">The id of the entity in its model; made unique where the model has it twice.</param>
/// <param name="Name">The name.</param>
/// <param name="Container">The schema, package ... it is in.</param>
/// <param name="Kind">Table, Collection, Record ...</param>
/// <param name="Active">False: the author has put it out of use.</param>
/// <param name="Color">The author's color, <c>#rrggbb</c>.</param>
/// <param name="Place">The author's place.</param>
/// <param name="Fields">The fields that are drawn.</param>
/// <param name="More">Fields that are not among them.</param>
public sealed record DiagramEntity(string Id, string Name, string? Container, string Kind, bool Active, string? Color, DiagramPlace? Place, IReadOnlyList<DiagramField> Fields, int More);

/// <summary>Where the author has put a box, in the units of the author's tool, which are pixels.</summary>
public sealed record DiagramPlace(double X, double Y, double Width, double Height);

/// <summary>A line of a box.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type as shown; <c>[]</c> behind it for several.</param>
/// <param name="Depth">0 for a field of the entity itself, 1 for one within it, and so on.</param>
/// <param name="Keys"><c>PK</c>, <c>FK</c>, <c>U</c> for unique, in this order, with spaces; null for none.</param>
/// <param name="Required">It must be there.</param>
/// <param name="Active">False: the author has put it out of use.</param>
public sealed record DiagramField(string Name, string Type, int Depth, string? Keys, bool Required, bool Active);

/// <summary>A line between two boxes, from the referred one to the referring one; cardinalities as written, null where nothing is.</summary>
public sealed record DiagramRelationship(
    string? Name, string Kind, string From, string To, string? FromCardinality, string? ToCardinality, IReadOnlyList<string> FromFields, IReadOnlyList<string> ToFields, bool Active);
