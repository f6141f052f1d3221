using System.Globalization;
using System.Text.Json;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.OpenApi;

/// <summary>Path, query and body of a request against its operation.</summary>
internal static class RequestCheck
{
    public delegate void Reporter(string part, string operation, string pointer, string message);

    public static void Check(Operation operation, Exchange exchange, Reporter report)
    {
        void Report(string pointer, string message) => report("request", operation.Name, pointer, message);
        Query(operation, exchange, Report);
        Path(operation, exchange, Report);
        Body(operation, exchange, Report);
    }

    private static void Query(Operation operation, Exchange exchange, Action<string, string> report)
    {
        var query = exchange.Http.Request.Query;
        foreach (var (name, values) in query)
        {
            if (operation.Parameters.FirstOrDefault(parameter => parameter.In == "query" && parameter.Name == name) is not { } parameter)
            {
                report($"query/{name}", "the operation has no such parameter");
                continue;
            }

            foreach (var message in Text(parameter.Schema, values.ToString()))
            {
                report($"query/{name}", message);
            }

            if (name == "per_page" && int.TryParse(values.ToString(), CultureInfo.InvariantCulture, out var perPage) && perPage > 100)
            {
                report("query/per_page", "at most 100");
            }
        }

        foreach (var missing in operation.Parameters.Where(parameter => parameter is { In: "query", Required: true } && !query.ContainsKey(parameter.Name)))
        {
            report($"query/{missing.Name}", "this parameter is required");
        }
    }

    private static void Path(Operation operation, Exchange exchange, Action<string, string> report)
    {
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "path" && exchange.Values.ContainsKey(parameter.Name)))
        {
            foreach (var message in Text(parameter.Schema, exchange.Values[parameter.Name]))
            {
                report($"path/{parameter.Name}", message);
            }
        }
    }

    private static void Body(Operation operation, Exchange exchange, Action<string, string> report)
    {
        if (exchange.Body.Length == 0)
        {
            if (operation.BodyRequired)
            {
                report("", "a body is required");
            }

            return;
        }

        if (operation.Body is null)
        {
            report("", "the operation takes no body");
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(exchange.Body);
            foreach (var (pointer, message) in SchemaValidator.Validate(operation.Body, document.RootElement))
            {
                report(pointer, message);
            }
        }
        catch (JsonException)
        {
            report("", "the body is no JSON");
        }
    }

    /// <summary>A text of the address, read as what the schema wants.</summary>
    private static IEnumerable<string> Text(Schema schema, string text)
    {
        var types = schema.OneOf.Count > 0 ? schema.OneOf : [schema];
        var best = types.Select(candidate => SchemaValidator.Validate(candidate, Element(candidate.Type, text))).MinBy(errors => errors.Count)!;
        return best.Select(error => error.Message);
    }

    private static JsonElement Element(string? type, string text) => type switch
    {
        "integer" or "number" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonSerializer.SerializeToElement(number),
        "boolean" when text is "true" or "false" => JsonSerializer.SerializeToElement(text == "true"),
        _ => JsonSerializer.SerializeToElement(text),
    };
}
