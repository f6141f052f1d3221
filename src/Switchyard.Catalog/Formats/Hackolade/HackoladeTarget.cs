namespace Switchyard.Catalog.Formats.Hackolade;

/// <summary>What containers and entities are called where the model is aimed at.</summary>
internal static class HackoladeTarget
{
    public static ContainerKind ContainersOf(string? target) => Normal(target) switch
    {
        "CASSANDRA" or "SCYLLADB" => ContainerKind.Keyspace,
        "PROTOBUF" => ContainerKind.Package,
        "OPENAPI" or "SWAGGER" => ContainerKind.Scope,
        _ => ContainerKind.Schema,
    };

    public static EntityKind EntitiesOf(string? target, string? entityType, string? subtype)
    {
        switch (entityType)
        {
            case "request": return EntityKind.Request;
            case "response": return EntityKind.Response;
            default: break;
        }

        return Normal(target) switch
        {
            "OPENAPI" or "SWAGGER" => subtype switch
            {
                "requestBody" => EntityKind.Request,
                "response" => EntityKind.Response,
                _ => EntityKind.Record,
            },
            "MONGODB" or "COUCHBASE" or "COSMOSDB-SQL" or "COSMOSDB-MONGO" or "DOCUMENTDB" or "FIRESTORE" or "FIREBASE" or "ELASTICSEARCH"
                or "MARKLOGIC" or "DYNAMODB" or "ARANGODB" or "SCALARDB" => EntityKind.Collection,
            "NEO4J" or "JANUSGRAPH" or "TINKERPOP" or "NEPTUNE-GREMLIN" or "COSMOSDB-GREMLIN" or "TIGERGRAPH" => EntityKind.Node,
            "AVRO" or "PARQUET" or "JSON" or "EVENTBRIDGE" or "POLYGLOT" or "GRAPHQL" or "YAML" => EntityKind.Record,
            "PROTOBUF" => EntityKind.Message,
            _ => EntityKind.Table,
        };
    }

    private static string Normal(string? target) => target?.ToUpperInvariant() ?? "";
}
