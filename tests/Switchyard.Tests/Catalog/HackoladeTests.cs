using System.Text.Json;
using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class HackoladeTests
{
    private const string Rest = "\"relationships\": [], \"appTarget\": \"Oracle\", \"persistenceSchemaVersion\": \"8\"";

    [Fact]
    public void The_old_form_has_its_name_elsewhere_and_no_buckets()
    {
        var model = Read("""{"databaseName": "Old", "collections": [{"GUID": "e", "collectionName": "c", "properties": [{"GUID": "a", "type": "subschema", "name": "n"}]}], "persistenceSchemaVersion": "1"}""");

        Assert.Equal(("Old", ModelStatus.Ready, 0, 1), (model.Name, model.Status, model.Counts.Containers, model.Counts.Entities));
        Assert.Equal("document", model.Entities.Single().Attributes.Single().Type.Name);
        var container = Assert.Single(model.Containers);
        Assert.Equal(("(no container)", ContainerKind.None), (container.Name, container.Kind));
    }

    [Fact]
    public void Without_any_name_the_file_name_is_taken()
    {
        Assert.Equal("My model", Read("{\"collections\": [], " + Rest + "}", "a/My model.hck.json").Name);
    }

    [Fact]
    public void Another_kind_of_json_under_the_name_is_a_model_with_a_problem()
    {
        var model = Read("""{"swagger": "2.0", "info": {}, "paths": {}}""");

        Assert.Equal((ModelFormat.Hackolade, ModelStatus.Failed, ProblemCode.NotHackolade), (model.Format, model.Status, model.Problems.Single().Code));
    }

    [Fact]
    public void Conflict_markers_are_told_with_their_line()
    {
        var problem = Read("{\n  \"modelName\": \"x\",\n<<<<<<< HEAD\n  \"a\": 1\n=======\n  \"a\": 2\n>>>>>>> b\n}").Problems.Single();

        Assert.Equal((ProblemCode.ParseFailed, 3), (problem.Code, problem.Line));
        Assert.Contains("conflict", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entities_belong_where_they_say_then_where_they_are_listed_then_nowhere()
    {
        var model = Read($$"""
            {"collections": [
              {"GUID": "1", "collectionName": "one", "bucketId": "B", "properties": []},
              {"GUID": "2", "collectionName": "two", "properties": []},
              {"GUID": "3", "collectionName": "three", "bucketId": "gone", "properties": []}],
             "buckets": [{"GUID": "A", "name": "a", "collectionIds": ["1", "2"]}, {"GUID": "B", "name": "b", "isActivated": false}], {{Rest}}}
            """);

        Assert.Equal(["a:two", "b:one", "(no container):three"], model.Containers.SelectMany(c => c.Entities.Select(e => $"{c.Name}:{e.Name}")));
        Assert.False(model.Containers[1].Active);
    }

    [Fact]
    public void Attributes_keep_types_roles_flags_and_what_has_no_place()
    {
        var entity = Read($$"""
            {"collections": [{"GUID": "e", "collectionName": "c", "code": "C_T", "type": "object",
              "primaryKey": [{"GUID": "k", "constraintName": "pk", "compositePrimaryKey": [{"keyId": "a"}]}],
              "uniqueKey": [], "Indxs": [{"indxName": "i"}], "chkConstr": [{"chkConstrName": "ck"}],
              "properties": [
                {"GUID": "a", "name": "id", "code": "ID", "type": "numeric", "childType": "numeric", "mode": "number", "precision": 10, "scale": 2, "length": null,
                 "required": true, "primaryKey": true, "default": false, "sample": "", "minimum": 1, "pattern": "", "odd": {"k": 1}, "empty": [], "no": false, "description": "d"},
                {"GUID": "b", "name": "tags", "type": "array", "properties": [{"GUID": "c", "type": "string", "arrayItem": true}]},
                {"GUID": "d", "name": "pick", "type": "choice", "choice": "oneOf", "properties": [{"GUID": "f", "name": "x", "type": "document", "subschema": true, "properties": [{"GUID": "g", "type": "string"}]}]}
              ]}], {{Rest}}}
            """).Entities.Single();

        var id = entity.Attributes[0];
        Assert.Equal(("numeric", "number", "number"), (id.Type.Name, id.Type.Native, id.Type.Display));
        Assert.Equal(["precision", "scale"], id.Type.Params.Keys);
        Assert.Equal((true, KeyFlags.Primary, "ID", "d"), (id.Required, id.KeyFlags, id.TechnicalName, id.Description));
        Assert.Equal((JsonValueKind.False, null), (id.Default?.ValueKind, id.Sample));
        Assert.Equal(["minimum"], id.Constraints.Keys);
        Assert.Equal(["childType", "mode", "odd"], id.Extra.Keys);
        Assert.Equal("/collections/0/properties/0", id.Source!.Pointer);
        Assert.Equal(("tags.[]", AttributeRole.Item, true), (entity.Attributes[1].Children[0].Path, entity.Attributes[1].Children[0].Role, entity.Attributes[1].Type.Repeated));
        Assert.Equal(("pick.x.(unnamed)", AttributeRole.Alternative), (entity.Attributes[2].Children[0].Children[0].Path, entity.Attributes[2].Children[0].Role));
        Assert.Equal(("C_T", KeyKind.Primary, "a"), (entity.TechnicalName, entity.Keys.Single().Kind, entity.Keys.Single().AttributeIds.Single()));
        Assert.Equal((1, 1, EntityKind.Table), (entity.Indexes.Count, entity.Constraints.Count, entity.Kind));
    }

    [Fact]
    public void A_GUID_met_twice_among_siblings_loses_its_strength()
    {
        var attributes = Read($$"""
            {"collections": [{"GUID": "e", "collectionName": "c", "properties": [{"GUID": "a", "name": "x"}, {"GUID": "a", "name": "y"}, {"GUID": "b", "name": "z"}]}], {{Rest}}}
            """).Entities.Single().Attributes;

        Assert.Equal([IdKind.Path, IdKind.Path, IdKind.Guid], attributes.Select(attribute => attribute.IdKind));
    }

    [Fact]
    public void A_reference_entity_shows_its_copy_with_the_differences_applied()
    {
        var model = Read($$"""
            {"collections": [{"GUID": "e", "collectionName": "c", "type": "reference", "ref": "up", "$ref": "#external/definitions/up", "refType": "polyglot", "properties": [],
                "referenceDiff": {"properties": [
                  {"GUID": "1", "name": "renamed"}, {"GUID": "2", "referenceDiffDeleted": true},
                  {"GUID": "3", "properties": [{"GUID": "4", "required": true}]}, {"GUID": "new", "name": "added", "type": "string"}]} }],
             "polyglotDefinitions": {"properties": [{"GUID": "up", "collectionName": "up", "kind": "relativePath", "link": "../up.hck.json", "fieldRelativePath": "#/b/up", "properties": [
                  {"GUID": "1", "name": "one", "type": "string"}, {"GUID": "2", "name": "two", "type": "string"},
                  {"GUID": "3", "name": "three", "type": "document", "properties": [{"GUID": "4", "name": "four", "type": "string"}]}]}]}, {{Rest}}}
            """, "models/x/a.hck.json");
        var entity = model.Entities.Single();

        Assert.Equal(["renamed", "three", "added"], entity.Attributes.Select(attribute => attribute.Name));
        Assert.True(entity.Attributes[1].Children.Single().Required);
        Assert.Equal((0, 4, 1), (model.Counts.AttributeNodes, model.Counts.AttributesResolved, model.Counts.ReferenceEntities));
        Assert.Equal(new EntityReference("#/b/up", true), entity.ReferenceTo);
        Assert.Equal(new Link(LinkKind.Polyglot, "models/up.hck.json", false, "#/b/up"), model.Links.Single());
        Assert.Equal("up", model.Snapshots.Single().Name);
    }

    [Theory]
    [InlineData("relativePath", "../../../../etc/passwd", Link.OutsideTheRepository)]
    [InlineData("relativePath", "..\\b.hck.json", "b.hck.json")]
    [InlineData("localPath", "C:\\\\Users\\\\me\\\\b.hck.json", Link.OutsideTheRepository)]
    [InlineData("relativePath", "?g=github&o=acme&r=models&f=a%2Fb.hck.json&b=main", "acme/models@main:a/b.hck.json")]
    public void Links_stay_inside_the_repository(string kind, string link, string target)
    {
        var escaped = link.Contains("\\\\", StringComparison.Ordinal) ? link : link.Replace("\\", "\\\\", StringComparison.Ordinal);
        var model = Read($$"""
            {"collections": [], "externalDefinitions": {"properties": [{"GUID": "x", "name": "x", "kind": "{{kind}}", "link": "{{escaped}}"}]}, {{Rest}}}
            """, "models/a.hck.json");

        Assert.Equal((LinkKind.External, target), (model.Links.Single().Kind, model.Links.Single().Target));
    }

    [Fact]
    public void An_unresolved_reference_is_information_and_no_more()
    {
        var model = Read($$"""
            {"collections": [{"GUID": "e", "collectionName": "c", "properties": [
                {"GUID": "a", "name": "ok", "type": "reference", "ref": "d"}, {"GUID": "b", "name": "byPath", "type": "reference", "ref": "?", "$ref": "#model/definitions/schemas/S"},
                {"GUID": "f", "name": "lost", "type": "reference", "ref": "?", "$ref": "#collection/definitions/L"}]}],
             "definitions": {"properties": [{"GUID": "s", "name": "schemas", "properties": [{"GUID": "d", "name": "S"}]}]}, {{Rest}}}
            """);

        Assert.Equal(ModelStatus.Ready, model.Status);
        Assert.Equal((ProblemCode.ReferenceUnresolved, ProblemSeverity.Information), (model.Problems.Single().Code, model.Problems.Single().Severity));
        Assert.Contains("lost", model.Problems.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relationship_with_an_unknown_end_is_kept()
    {
        var relationship = Read("""
            {"collections": [{"GUID": "p", "collectionName": "p", "properties": []}], "appTarget": "X", "persistenceSchemaVersion": "8",
             "relationships": [{"GUID": "r", "name": "fk", "relationshipType": "Foreign Key", "parentCollection": "p", "parentField": [["p", "a", "b"]], "parentCardinality": "1",
               "childCollection": "gone", "childField": [["gone", "c"]], "childCardinality": "0..n"}]}
            """).Relationships.Single();

        Assert.Equal(RelationshipKind.ForeignKey, relationship.Kind);
        Assert.Equal(("p", true, "a/b", "1"), (relationship.From.EntityId, relationship.From.Known, relationship.From.AttributeIds.Single(), relationship.From.Cardinality));
        Assert.Equal(("gone", false, "c", "0..n"), (relationship.To.EntityId, relationship.To.Known, relationship.To.AttributeIds.Single(), relationship.To.Cardinality));
    }

    [Theory]
    [InlineData("\"modelName\": \"n\"", "\"modelName\": \"n\", \"lastModifTS\": \"2026\", \"settings\": {\"a\": 1}", true)]
    [InlineData("\"modelName\": \"n\"", "\"modelName\": \"n\", \"description\": \"\", \"tags\": [], \"odd\": false, \"other\": {\"error\": {\"x\": 1}}", true)]
    [InlineData("\"modelName\": \"n\"", "\"modelName\": \"n\", \"additionalProperties\": false", false)]
    [InlineData("\"modelName\": \"n\"", "\"modelName\": \"m\"", false)]
    [InlineData("\"size\": 1.50", "\"size\": 1.5", true)]
    [InlineData("\"size\": 1e2", "\"size\": 100", true)]
    [InlineData("\"odd\": {\"a\": \"\\u0041\", \"b\": 2}", "\"odd\": {\"b\": 2, \"a\": \"A\"}", true)]
    [InlineData("\"odd\": [false]", "\"odd\": [true]", false)]
    public void Noise_is_outside_the_semantic_digest(string before, string after, bool equal)
    {
        var old = ModelJson.SemanticDigest(Read($$"""{ {{before}}, "collections": [], {{Rest}} }"""));
        var now = ModelJson.SemanticDigest(Read($$"""{ {{after}}, "collections": [], {{Rest}} }"""));

        Assert.Equal(equal, old == now);
    }

    private static Model Read(string text, string path = "a.hck.json") => Reading.Of(path, text)!;
}
