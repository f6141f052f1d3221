using System.Text;
using System.Text.Json;
using Switchyard.Catalog;
using Switchyard.Catalog.Formats.Avro;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class AvroTests
{
    /// <summary>Vectors of the Avro project, share/test/data/schema-tests.txt.</summary>
    [Theory]
    [InlineData("\"null\"", "\"null\"", 7195948357588979594)]
    [InlineData("{\"type\":\"null\"}", "\"null\"", 7195948357588979594)]
    [InlineData("\"boolean\"", "\"boolean\"", -6970731678124411036)]
    [InlineData("\"int\"", "\"int\"", 8247732601305521295)]
    [InlineData("\"long\"", "\"long\"", -3434872931120570953)]
    [InlineData("[ ]", "[]", -1241056759729112623)]
    public void Canonical_forms_and_fingerprints_are_those_of_the_specification(string schema, string canonical, long fingerprint)
    {
        var form = AvroCanonicalForm.Of(JsonDocument.Parse(schema).RootElement)!;

        Assert.Equal(canonical, Encoding.UTF8.GetString(form));
        Assert.Equal(fingerprint, unchecked((long)AvroFingerprint.Crc64(form)));
    }

    [Fact]
    public void The_canonical_form_has_full_names_in_fixed_order_and_nothing_else()
    {
        const string Schema = """
            {"fields": [{"doc": "x", "name": "a", "type": ["null", {"type": "E"}], "default": null},
                        {"name": "b", "type": {"items": {"type": "fixed", "size": "16", "name": "F", "namespace": "other"}, "type": "array"}},
                        {"name": "c", "type": {"type": "map", "values": "R"}},
                        {"name": "d", "type": {"type": "enum", "name": "E2", "symbols": ["X", "Y"], "doc": "z"}}],
             "name": "R", "namespace": "ns", "type": "record", "aliases": ["Old"]}
            """;

        Assert.Equal(
            """{"name":"ns.R","type":"record","fields":[{"name":"a","type":["null","ns.E"]},{"name":"b","type":{"type":"array","items":{"name":"other.F","type":"fixed","size":16}}},{"name":"c","type":{"type":"map","values":"ns.R"}},{"name":"d","type":{"name":"ns.E2","type":"enum","symbols":["X","Y"]}}]}""",
            Encoding.UTF8.GetString(AvroCanonicalForm.Of(JsonDocument.Parse(Schema).RootElement)!));
    }

    [Fact]
    public void Every_named_type_is_an_entity_of_its_namespace()
    {
        var model = Reading.Of("a/order.avsc", """
            {"type": "record", "name": "Order", "namespace": "shop", "doc": "An order", "fields": [
              {"name": "id", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "state", "type": ["null", {"type": "enum", "name": "State", "symbols": ["NEW", "DONE"]}], "default": null, "aliases": ["status"], "order": "ignore"},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [{"name": "parent", "type": "Order"}]}}},
              {"name": "either", "type": ["int", "string"]}]}
            """)!;
        var order = model.Entities.First();

        Assert.Equal(("Order", "An order", ModelStatus.Ready), (model.Name, model.Description, model.Status));
        Assert.Equal(["shop.Order", "shop.State", "shop.Line"], model.Entities.Select(entity => entity.Id));
        Assert.Equal((ContainerKind.Package, "shop"), (model.Containers.Single().Kind, model.Containers.Single().Name));
        Assert.Equal(("bytes", "decimal", true), (order.Attributes[0].Type.Name, order.Attributes[0].Type.Native, order.Attributes[0].Required));
        Assert.Equal(("shop.State", true, false), (order.Attributes[1].Type.Ref, order.Attributes[1].Type.Nullable, order.Attributes[1].Required));
        Assert.Equal(["aliases", "order"], order.Attributes[1].Extra.Keys);
        Assert.Equal(("shop.Line", AttributeRole.Item), (order.Attributes[2].Children.Single().Type.Ref, order.Attributes[2].Children.Single().Role));
        Assert.Equal(["int", "string"], order.Attributes[3].Children.Select(child => child.Type.Name));
        Assert.Contains(model.Relationships, relationship => (relationship.To.EntityId, relationship.From.EntityId) == ("shop.Line", "shop.Order"));
        Assert.Equal((16, 64), (model.Facts.Text("fingerprintCrc64")!.Length, model.Facts.Text("fingerprintSha256")!.Length));
    }

    [Fact]
    public void A_union_at_the_top_holds_all_its_records_and_a_protocol_its_messages()
    {
        var union = Reading.Of("u.avsc", """[{"type": "record", "name": "A", "fields": []}, {"type": "record", "name": "B", "fields": [{"name": "a", "type": "A"}]}]""")!;
        Assert.Equal(["A", "B"], union.Entities.Select(entity => entity.Id));

        var protocol = Reading.Of("p.avpr", """
            {"protocol": "Hello", "namespace": "n", "types": [{"type": "record", "name": "G", "fields": [{"name": "m", "type": "string"}]}],
             "messages": {"hi": {"doc": "says", "request": [{"name": "g", "type": "G"}], "response": "G"}}}
            """)!;
        var operation = protocol.Operations.Single();
        Assert.Equal(("Hello/hi", "n.G", "n.G"), (operation.Id, operation.Inputs.Single().Type.Ref, operation.Outputs.Single().Type.Ref));
    }

    [Fact]
    public void A_record_without_a_name_is_read_and_has_no_fingerprint()
    {
        var model = Reading.Of("a.avsc", """{"type": "record", "fields": [{"type": "int"}, {"name": "a", "type": 5}]}""")!;

        Assert.False(model.Facts.ContainsKey("fingerprintCrc64"));
        Assert.Contains(model.Problems, problem => problem.Code == ProblemCode.Malformed);
    }
}
