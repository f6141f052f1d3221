using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Model;

/// <summary>A model as people name it: its id, or <c>owner/name/path/to/file</c>; <c>--provider</c> where several providers have the repository.</summary>
internal sealed class ModelReference
{
    private readonly Argument<string> model = new("model") { Description = "The id of the model, or owner/name/path/to/file" };
    private readonly Option<string?> provider = RepositoryReference.ProviderOption("model");

    public void AddTo(Command command)
    {
        command.Add(model);
        command.Add(provider);
    }

    public async Task<JsonObject> ResolveAsync(Invocation run, CancellationToken cancellation)
    {
        var reference = run.Get(model)!;
        if (reference.Length > 0 && reference.All(char.IsAsciiDigit))
        {
            return await ReadAsync(run.Server, reference, cancellation);
        }

        if (reference.Split('/', 3) is not [{ Length: > 0 } owner, { Length: > 0 } name, var path])
        {
            throw CommandProblem.Usage(
                $"\"{reference}\" names no model. A model is named by its id, or as owner/name/path/to/file: the repository and the path in it.",
                new NextStep("Look for it", Command: $"switchyard model search {ShellWord.Quote(reference)}"));
        }

        var listing = await run.Server.ListAsync(
            "api/v1/models", [new("provider", run.Get(provider)), new("repository", $"{owner}/{name}"), new("q", path.Split('/')[^1])], 500, cancellation);
        var candidates = listing.Items.OfType<JsonObject>().Where(item => Members.At(item, "path") == path).ToList();
        var active = candidates.Where(item => Members.At(item, "state") == "Active").ToList();
        candidates = active.Count > 0 ? active : candidates;
        var providers = candidates.Select(item => Members.At(item, "provider")).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return providers.Count > 1 ? throw Ambiguous(reference, candidates, run.Parse.CommandResult.Command.Name)
            : candidates.Count > 0 ? await ReadAsync(run.Server, IdOf(candidates[0]), cancellation)
            : throw NotFound(reference);
    }

    public static string IdOf(JsonObject model) => Members.At(model, "id") ?? throw new FormatException("The server named a model without an id.");

    /// <summary>The model with its facts and problems as members of one object.</summary>
    private static async Task<JsonObject> ReadAsync(ApiClient server, string id, CancellationToken cancellation)
    {
        var detail = await server.GetAsync("api/v1/models/" + id, cancellation) as JsonObject ?? throw NotFound(id);
        if (detail["model"] is not JsonObject members)
        {
            return detail;
        }

        var found = (JsonObject)members.DeepClone();
        foreach (var (name, value) in detail.Where(member => member.Key != "model"))
        {
            found[name] = value?.DeepClone();
        }

        return found;
    }

    private static CommandProblem NotFound(string reference) =>
        CommandProblem.NotFound($"The hub has no model {reference}.", new NextStep("Look for it", Command: $"switchyard model search {ShellWord.Quote(reference.Split('/')[^1])}"));

    private static CommandProblem Ambiguous(string reference, List<JsonObject> candidates, string verb) => new(
        ExitCode.Conflict,
        "Ambiguous",
        $"{reference} is the name of {candidates.Count} models here, of the providers {string.Join(", ", candidates.Select(item => Members.At(item, "provider")))}. Say whose is meant by --provider, or give the id.",
        [.. candidates.Select(item => new NextStep($"That of {Members.At(item, "provider")}", Command: $"switchyard model {verb} {ShellWord.Quote(reference)} --provider {Members.At(item, "provider")}"))]);
}
