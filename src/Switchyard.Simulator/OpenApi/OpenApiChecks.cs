using System.Collections.Concurrent;
using System.Text.Json;
using Switchyard.Simulator.Http;

namespace Switchyard.Simulator.OpenApi;

/// <summary>Holds REST requests and answers against GitHub's description and collects what differs.</summary>
internal sealed class OpenApiChecks
{
    private const int Kept = 1000;
    private readonly Description? description;
    private readonly int sample;
    private readonly ConcurrentQueue<Violation> violations = new();
    private readonly ConcurrentDictionary<string, bool> unknown = new(StringComparer.Ordinal);
    private long seen;
    private long done;

    public OpenApiChecks(string? file, int sample)
    {
        this.sample = sample;
        if (file is null || sample <= 0)
        {
            Skipped = "No OpenAPI file was given: requests and answers are not checked.";
        }
        else if (!File.Exists(file))
        {
            Skipped = $"The OpenAPI file is missing: {file}. Requests and answers are not checked.";
        }
        else
        {
            description = Read(file);
        }
    }

    public string? Skipped { get; }

    public long Checked => Interlocked.Read(ref done);

    public IReadOnlyList<Violation> Violations => [.. violations];

    public IReadOnlyList<string> UnknownOperations => [.. unknown.Keys.Order(StringComparer.Ordinal)];

    public void Clear()
    {
        violations.Clear();
        unknown.Clear();
    }

    public void Check(Exchange exchange, Answer answer, ReadOnlyMemory<byte> bytes)
    {
        if (description is null || Interlocked.Increment(ref seen) % sample != 0)
        {
            return;
        }

        var http = exchange.Http;
        if (exchange.Route is not { } route)
        {
            unknown.TryAdd($"{http.Request.Method} {RawTarget.ApiPath(http)} (not simulated)", true);
            return;
        }

        // Addresses by number are where redirects lead; GitHub describes them under the names only.
        var template = route.Operation.Replace("/repositories/{repository_id}", "/repos/{owner}/{repo}", StringComparison.Ordinal);
        if (description.Find(route.Method, template) is not { } operation)
        {
            unknown.TryAdd($"{route.Method} {route.Operation}", true);
            return;
        }

        Interlocked.Increment(ref done);
        RequestCheck.Check(operation, exchange, Report);
        CheckAnswer(operation, answer, bytes);
    }

    /// <summary>At the start, so that a run without any check is not taken for one that found nothing.</summary>
    private static Description Read(string file)
    {
        try
        {
            return new Description(file);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new OpenApiFileException($"{file} is not GitHub's OpenAPI description: it is no JSON, or has no paths and no schema of errors.", wrong);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new OpenApiFileException($"The OpenAPI file cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private void CheckAnswer(Operation operation, Answer answer, ReadOnlyMemory<byte> bytes)
    {
        var schemas = operation.Response(answer.Status);
        if (schemas is null && answer.Status < 300)
        {
            Report("response", operation.Name, "status", $"the description has no status {answer.Status}");
            return;
        }

        if (answer.Json is null)
        {
            return;
        }

        var media = answer.ContentType.Split(';')[0];
        var schema = schemas is null || schemas.Count == 0
            ? description!.Error
            : schemas.GetValueOrDefault(media) ?? schemas.GetValueOrDefault(media.Replace("+json", "", StringComparison.Ordinal)) ?? schemas.GetValueOrDefault("application/json");
        if (schema is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(bytes);
        foreach (var (pointer, message) in SchemaValidator.Validate(schema, document.RootElement))
        {
            Report("response", operation.Name, pointer, message);
        }
    }

    private void Report(string part, string operation, string pointer, string message)
    {
        if (violations.Count < Kept)
        {
            violations.Enqueue(new Violation(part, operation, pointer, message));
        }
    }
}
