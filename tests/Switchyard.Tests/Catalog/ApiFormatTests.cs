using Switchyard.Catalog;
using Xunit;

namespace Switchyard.Tests.Catalog;

public sealed class ApiFormatTests
{
    private const string OpenApi3 = """
        openapi: 3.1.0
        info: {title: Shop, version: 1.10, description: A shop}
        servers: [{url: https://example.org}]
        tags: [{name: orders}]
        paths:
          /orders/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            get:
              operationId: getOrder
              deprecated: true
              responses:
                '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
            put:
              requestBody: {required: true, content: {application/json: {schema: {$ref: 'common.yaml#/Order'}}}}
              responses: {'204': {description: none}}
        components:
          schemas:
            Order:
              type: object
              required: [id]
              properties:
                id: {type: integer, format: int64, minimum: 1}
                customer: {$ref: '#/components/schemas/Customer'}
                lines: {type: array, items: {type: object, properties: {sku: {type: [string, 'null'], maxLength: 9}}}}
            Customer: {oneOf: [{$ref: '#/components/schemas/Order'}, {type: string, enum: [a, b]}]}
        """;

    [Fact]
    public void OpenApi_3_in_yaml_is_read_with_operations_and_schemas()
    {
        var model = Reading.Of("api/any.yaml", OpenApi3)!;
        Assert.Equal((ModelFormat.OpenApi, "Shop", "3.1.0", "1.10", "OpenAPI", ModelStatus.Ready), (model.Format, model.Name, model.TargetVersion, model.AuthorVersion, model.Target, model.Status));
        Assert.Equal(["GET /orders/{id}", "PUT /orders/{id}"], model.Operations.Select(operation => operation.Id));
        var get = model.Operations[0];
        Assert.Equal((true, "getOrder", "id", true), (get.Deprecated, get.Name, get.Inputs.Single().Name, get.Inputs.Single().Required));
        Assert.Equal(("200", "#/components/schemas/Order"), (get.Outputs.Single().Name, get.Outputs.Single().Type.Ref));
        Assert.Equal(["id", "body"], model.Operations[1].Inputs.Select(input => input.Name));
        Assert.Contains(new Link(LinkKind.Ref, "api/common.yaml", false, "#/Order"), model.Links);

        var order = model.Entities.First();
        Assert.Equal(("integer", "int64", true), (order.Attributes[0].Type.Name, order.Attributes[0].Type.Native, order.Attributes[0].Required));
        var sku = order.Attributes[2].Children.Single().Children.Single();
        Assert.Equal(("lines.[].sku", "string", true), (sku.Path, sku.Type.Name, sku.Type.Nullable));
        Assert.Equal(2, model.Relationships.Count);
        Assert.Equal(("/components/schemas/Customer", "/components/schemas/Order"), (model.Relationships[0].From.EntityId, model.Relationships[0].To.EntityId));
    }

    [Fact]
    public void OpenApi_2_in_json_and_unquoted_versions_in_yaml_are_read()
    {
        var model = Reading.Of("swagger.json", """
            {"swagger": "2.0", "info": {"title": "Old", "version": "1"}, "host": "h", "paths": {"/a": {"post": {"parameters": [{"in": "query", "name": "q", "type": "string"}], "responses": {"200": {"schema": {"$ref": "#/definitions/A"}}}}}},
             "definitions": {"A": {"type": "object", "properties": {"x": {"type": "string"}}}}}
            """)!;
        Assert.Equal(("2.0", "Swagger", 1, 1), (model.TargetVersion, model.Target, model.Counts.Entities, model.Counts.Attributes));
        Assert.Equal(("string", "#/definitions/A"), (model.Operations.Single().Inputs.Single().Type.Name, model.Operations.Single().Outputs.Single().Type.Ref));

        Assert.Equal("2.0", Reading.Of("a.yml", "swagger: 2.0\ninfo: {title: T}\n")!.TargetVersion);
    }

    [Fact]
    public void Json_schema_is_read_with_definitions_and_a_cycle_is_no_matter()
    {
        var model = Reading.Of("schemas/deep/person.json", """
            {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.org/person", "title": "Person", "type": "object", "required": ["name"],
             "properties": {"name": {"type": "string", "minLength": 1, "default": "x"}, "parent": {"$ref": "#"}, "pet": {"$ref": "#/definitions/Pet"}, "any": true,
                            "other": {"$ref": "other.schema.json#/a"}, "map": {"type": "object", "additionalProperties": {"type": "integer"}}},
             "definitions": {"Pet": {"type": "object", "properties": {"owner": {"$ref": "#"}}}, "Kind": {"enum": ["a", 1]}}}
            """)!;

        Assert.Equal((ModelFormat.JsonSchema, "Person", "draft-07", ModelStatus.Ready), (model.Format, model.Name, model.TargetVersion, model.Status));
        Assert.Equal((1, 2, 6), (model.Counts.Entities, model.Counts.Definitions, model.Counts.Attributes));
        Assert.Equal("/properties/name", model.Entities.Single().Attributes[0].Source!.Pointer);
        Assert.Equal(["Pet", "Kind"], model.Definitions.Select(definition => definition.Name));
        Assert.Equal(("enum", 2), (model.Definitions[1].Type!.Name, model.Definitions[1].Type!.Enum.Count));
        Assert.Equal(3, model.Relationships.Count);
        Assert.Equal(new Link(LinkKind.Ref, "schemas/deep/other.schema.json", false, "#/a"), model.Links.Single());
    }

    [Fact]
    public void A_schema_that_does_not_say_so_is_one_by_its_name()
    {
        Assert.Equal(("thing", ModelFormat.JsonSchema), Reading.Of("thing.schema.json", """{"type": "object", "properties": {}}""") is { } model ? (model.Name, model.Format) : default);
        Assert.Equal("2020-12", Reading.Of("t.schema.json", """{"$schema": "https://json-schema.org/draft/2020-12/schema"}""")!.TargetVersion);
    }
}
