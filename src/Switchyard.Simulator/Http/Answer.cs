using System.Text.Json.Nodes;

namespace Switchyard.Simulator.Http;

/// <summary>What a REST handler answers; the pipeline adds the headers that every answer has.</summary>
internal sealed class Answer
{
    private Answer(int status, JsonNode? json, ReadOnlyMemory<byte> raw, string contentType)
    {
        Status = status;
        Json = json;
        Raw = raw;
        ContentType = contentType;
    }

    public int Status { get; }

    public JsonNode? Json { get; }

    public ReadOnlyMemory<byte> Raw { get; }

    public string ContentType { get; }

    /// <summary>The fault switch that made it, if one did; for the request log.</summary>
    public string? Fault { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static Answer Ok(JsonNode body, int status = 200) => new(status, body, default, "application/json; charset=utf-8");

    public static Answer Typed(JsonNode body, string contentType) => new(200, body, default, contentType + "; charset=utf-8");

    public static Answer Bytes(ReadOnlyMemory<byte> bytes, string contentType) => new(200, null, bytes, contentType);

    public static Answer NoContent() => new(204, null, default, "");

    /// <summary>GitHub's error shape; the texts of 422 and 5xx have no status member in its schema.</summary>
    public static Answer Error(int status, string message, string documentation = "https://docs.github.com/rest")
    {
        var body = new JsonObject { ["message"] = message, ["documentation_url"] = documentation };
        if (status is not 422 and < 500)
        {
            body["status"] = status.ToString();
        }

        return Ok(body, status);
    }

    public static Answer NotFound() => Error(404, "Not Found");

    public static Answer Invalid(string message, params JsonNode[] errors)
    {
        var answer = Error(422, message);
        if (errors.Length > 0)
        {
            answer.Json!["errors"] = new JsonArray(errors);
        }

        return answer;
    }

    public Answer By(string fault)
    {
        Fault = fault;
        return this;
    }

    public Answer With(string header, string value)
    {
        Headers[header] = value;
        return this;
    }
}

/// <summary>Ends a request with an answer from the depth of a handler.</summary>
internal sealed class RefusedException(Answer answer) : Exception(answer.Json?["message"]?.ToString() ?? "refused")
{
    public Answer Answer { get; } = answer;
}
