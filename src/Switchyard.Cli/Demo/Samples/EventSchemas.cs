namespace Switchyard.Cli.Demo.Samples;

/// <summary>An Avro schema, a JSON Schema and an OpenAPI description, each in two states.</summary>
internal static class EventSchemas
{
    public static string Order(string scoreType, bool withLegacyId) => $$"""
        {
          "type": "record",
          "name": "Order",
          "namespace": "com.acme.shop",
          "doc": "An order was placed.",
          "fields": [
            { "name": "id", "type": "string" },
        {{(withLegacyId ? "    { \"name\": \"legacyId\", \"type\": \"int\" },\n" : "")}}    { "name": "score", "type": "{{scoreType}}" },
            { "name": "placedAt", "type": { "type": "long", "logicalType": "timestamp-millis" } },
            { "name": "note", "type": ["null", "string"], "default": null },
            {
              "name": "lines",
              "type": {
                "type": "array",
                "items": {
                  "type": "record",
                  "name": "Line",
                  "fields": [
                    { "name": "product", "type": "string" },
                    { "name": "quantity", "type": "int", "default": 1 }
                  ]
                }
              }
            }
          ]
        }

        """;

    public static string Customer(bool required) => $$"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://schemas.acme.example/customer.schema.json",
          "title": "Customer",
          "type": "object",
          "required": ["id"{{(required ? ", \"email\"" : "")}}],
          "properties": {
            "id": { "type": "string", "format": "uuid" },
            "email": { "type": "string", "format": "email" },
            "address": { "$ref": "#/$defs/address" }
          },
          "$defs": {
            "address": {
              "type": "object",
              "properties": {
                "street": { "type": "string" },
                "city": { "type": "string" }
              }
            }
          }
        }

        """;

    public static string Api(bool withRefunds) => """
        openapi: 3.1.0
        info:
          title: Shop API
          version: 1.0.0
        paths:
          /orders:
            get:
              operationId: listOrders
              responses:
                "200":
                  description: Orders
                  content:
                    application/json:
                      schema:
                        type: array
                        items:
                          $ref: "#/components/schemas/Order"

        """ + (withRefunds ? """
          /orders/{id}/refund:
            post:
              operationId: refundOrder
              parameters:
                - name: id
                  in: path
                  required: true
                  schema:
                    type: string
              responses:
                "204":
                  description: Refunded

        """ : "") + """
        components:
          schemas:
            Order:
              type: object
              required: [id]
              properties:
                id:
                  type: string
                total:
                  type: number

        """;
}
