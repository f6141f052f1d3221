namespace Switchyard.Catalog.Serialization;

/// <summary>Writes the records of the intermediate form. What equals its absence is left out.</summary>
/// <param name="json">Where to.</param>
/// <param name="meaningOnly">Leaves out what is no part of the meaning: paths, digests, layout, source, counts, problems.</param>
internal sealed class ModelWriter(CanonicalWriter json, bool meaningOnly) : FieldWriter(json)
{
    private readonly CanonicalWriter json = json;

    public void Write(Model model)
    {
        json.StartObject();
        json.Name("format");
        json.Text(model.Format);
        json.Name("name");
        json.Text(model.Name);
        if (!meaningOnly)
        {
            Words("path", model.Path);
            Words("status", Names.Of(model.Status));
            Words("digest", model.Digest);
            Words("parserVersion", model.ParserVersion);
            Counts(model.Counts);
        }

        Words("technicalName", model.TechnicalName);
        Words("target", model.Target);
        Words("targetVersion", model.TargetVersion);
        Words("authorVersion", model.AuthorVersion);
        Words("description", model.Description);
        Texts("tags", model.Tags);
        Fields("facts", model.Facts);
        List("containers", model.Containers, Container);
        List("relationships", model.Relationships, Relationship);
        List("operations", model.Operations, Operation);
        List("views", model.Views, View);
        List("definitions", model.Definitions, Entity);
        List("snapshots", model.Snapshots, Entity);
        List("links", model.Links, Link);
        if (!meaningOnly)
        {
            List("problems", model.Problems, Problem);
        }

        json.EndObject();
    }

    private void Container(Container container)
    {
        Identity(container.Id, null, container.Name, container.TechnicalName, container.Description, container.Active);
        Words("kind", Names.Of(container.Kind));
        List("entities", container.Entities, Entity);
        Fields("extra", container.Extra);
    }

    private void Entity(Entity entity)
    {
        Identity(entity.Id, entity.IdKind, entity.Name, entity.TechnicalName, entity.Description, entity.Active);
        Words("kind", Names.Of(entity.Kind));
        if (entity.Type is { } type)
        {
            json.Name("type");
            Type(type);
        }

        Attributes(entity.Attributes);
        List("keys", entity.Keys, Key);
        Values("constraints", entity.Constraints);
        Values("indexes", entity.Indexes);
        if (entity.ReferenceTo is { } reference)
        {
            json.Name("referenceTo");
            json.StartObject();
            Words("path", reference.Path);
            Words("modelPath", reference.ModelPath);
            Flag("resolved", reference.Resolved);
            json.EndObject();
        }

        Layout(entity.Layout);
        Source(entity.Source);
        Fields("extra", entity.Extra);
    }

    private void Key(EntityKey key)
    {
        Words("id", key.Id);
        Words("kind", Names.Of(key.Kind));
        Words("name", key.Name);
        Texts("attributeIds", key.AttributeIds);
        Fields("extra", key.Extra);
    }

    private void Attributes(IReadOnlyList<EntityAttribute> attributes, string name = "attributes")
    {
        if (attributes.Count == 0)
        {
            return;
        }

        json.Name(name);
        json.StartArray();
        for (var i = 0; i < attributes.Count; i++)
        {
            json.Item();
            json.StartObject();
            Attribute(attributes[i]);
            json.EndObject();
        }

        json.EndArray();
    }

    private void Attribute(EntityAttribute attribute)
    {
        Identity(attribute.Id, attribute.IdKind, attribute.Name, attribute.TechnicalName, attribute.Description, attribute.Active);
        if (!meaningOnly)
        {
            Words("path", attribute.Path);
        }

        if (attribute.Role != AttributeRole.Field)
        {
            Words("role", Names.Of(attribute.Role));
        }

        json.Name("type");
        Type(attribute.Type);
        Flag("required", attribute.Required);
        Value("default", attribute.Default);
        Value("sample", attribute.Sample);
        Fields("constraints", attribute.Constraints);
        if (attribute.KeyFlags != KeyFlags.None)
        {
            json.Name("keyFlags");
            json.Number((int)attribute.KeyFlags);
        }

        Attributes(attribute.Children, "children");
        Source(attribute.Source);
        Fields("extra", attribute.Extra);
    }

    private void Type(AttributeType type)
    {
        json.StartObject();
        json.Name("name");
        json.Text(type.Name);
        Words("native", type.Native);
        Fields("params", type.Params);
        Flag("nullable", type.Nullable);
        Flag("repeated", type.Repeated);
        Words("ref", type.Ref);
        Values("enum", type.Enum);
        json.EndObject();
    }

    private void Relationship(Relationship relationship)
    {
        Identity(relationship.Id, relationship.IdKind, relationship.Name, null, relationship.Description, relationship.Active);
        Words("kind", Names.Of(relationship.Kind));
        End("from", relationship.From);
        End("to", relationship.To);
        Attributes(relationship.Attributes);
        Fields("extra", relationship.Extra);
    }

    private void End(string name, RelationshipEnd end)
    {
        json.Name(name);
        json.StartObject();
        Words("entityId", end.EntityId);
        Flag("known", end.Known);
        Texts("attributeIds", end.AttributeIds);
        Words("cardinality", end.Cardinality);
        json.EndObject();
    }

    private void Operation(Operation operation)
    {
        Identity(operation.Id, null, operation.Name, null, operation.Description, true);
        Texts("tags", operation.Tags);
        Attributes(operation.Inputs, "inputs");
        Attributes(operation.Outputs, "outputs");
        Flag("deprecated", operation.Deprecated);
        Fields("extra", operation.Extra);
    }

    private void View(View view)
    {
        Identity(view.Id, view.IdKind, view.Name, view.TechnicalName, view.Description, view.Active);
        Words("containerId", view.ContainerId);
        Words("on", view.On);
        Words("statement", view.Statement);
        Attributes(view.Attributes);
        Fields("extra", view.Extra);
    }

    private void Link(Link link)
    {
        Words("kind", Names.Of(link.Kind));
        Words("target", link.Target);
        Words("pointer", link.Pointer);
        Flag("resolved", link.Resolved);
    }

    private void Problem(ModelProblem problem)
    {
        Words("code", problem.Code);
        Words("message", problem.Message);
        Words("severity", Names.Of(problem.Severity));
        Count("line", problem.Line);
        Count("offset", problem.Offset);
    }

    private void Counts(ModelCounts counts)
    {
        json.Name("counts");
        json.StartObject();
        Count("containers", counts.Containers);
        Count("entities", counts.Entities);
        Count("referenceEntities", counts.ReferenceEntities);
        Count("attributeNodes", counts.AttributeNodes);
        Count("attributes", counts.Attributes);
        Count("attributesResolved", counts.AttributesResolved);
        Count("relationships", counts.Relationships);
        Count("views", counts.Views);
        Count("definitions", counts.Definitions);
        json.EndObject();
    }

    private void Layout(EntityLayout? layout)
    {
        if (layout is null || meaningOnly)
        {
            return;
        }

        json.Name("layout");
        json.StartObject();
        json.Name("x");
        json.Number(layout.X);
        json.Name("y");
        json.Number(layout.Y);
        json.Name("w");
        json.Number(layout.Width);
        json.Name("h");
        json.Number(layout.Height);
        Words("color", layout.Color);
        json.EndObject();
    }

    private void Source(SourcePlace? source)
    {
        if (source is null || meaningOnly)
        {
            return;
        }

        json.Name("source");
        json.StartObject();
        Words("pointer", source.Pointer);
        Count("line", source.Line);
        json.EndObject();
    }

    private void Identity(string id, IdKind? kind, string? name, string? technicalName, string? description, bool active)
    {
        Words("id", id);
        if (kind is { } known)
        {
            Words("idKind", Names.Of(known));
        }

        Words("name", name);
        Words("technicalName", technicalName);
        Words("description", description);
        Flag("inactive", !active);
    }
}
