using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Model;

/// <summary>A model as people name it: its id, or <c>owner/name/path/to/file</c>.</summary>
internal static class ModelReference
{
    public static Argument<string> Argument() => new("model") { Description = "The id of the model, or owner/name/path/to/file" };

    public static async Task<JsonObject> ResolveAsync(ApiClient server, string reference, CancellationToken cancellation)
    {
        var parts = reference.Split('/', 3);
        if (parts.Length < 3)
        {
            return await ReadAsync(server, reference, cancellation);
        }

        var listing = await server.ListAsync(
            "api/v1/models", [new("repository", parts[0] + "/" + parts[1]), new("q", parts[2].Split('/')[^1])], 500, cancellation);
        var candidates = listing.Items.OfType<JsonObject>().Where(item => JsonText.At(item, "path") == parts[2]).ToList();
        var best = candidates.FirstOrDefault(item => JsonText.At(item, "state") == "Active") ?? candidates.FirstOrDefault() ?? throw NotFound(reference);
        return await ReadAsync(server, IdOf(best), cancellation);
    }

    /// <summary>The model with its facts and problems as members of one object.</summary>
    private static async Task<JsonObject> ReadAsync(ApiClient server, string id, CancellationToken cancellation)
    {
        var detail = await server.GetAsync("api/v1/models/" + Uri.EscapeDataString(id), cancellation) as JsonObject ?? throw NotFound(id);
        if (detail["model"] is not JsonObject members)
        {
            return detail;
        }

        var model = (JsonObject)members.DeepClone();
        foreach (var (name, value) in detail.Where(member => member.Key != "model"))
        {
            model[name] = value?.DeepClone();
        }

        return model;
    }

    public static string IdOf(JsonObject model) => JsonText.At(model, "id") ?? throw new FormatException("The server named a model without an id.");

    private static CommandProblem NotFound(string reference) =>
        CommandProblem.NotFound($"The hub has no model {reference}.", new NextStep("Look for it", Command: $"switchyard model search {reference.Split('/')[^1]}"));
}
