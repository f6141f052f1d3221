using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>A repository of the hub as people name it: <c>owner/name</c>, or its id.</summary>
internal static class RepositoryReference
{
    public static Argument<string> Argument() => new("repository") { Description = "owner/name, or the id of the repository" };

    public static async Task<JsonObject> ResolveAsync(ApiClient server, string reference, CancellationToken cancellation)
    {
        var path = reference.Split('/') switch
        {
            [{ Length: > 0 } id] => "api/v1/repositories/" + Uri.EscapeDataString(id),
            [{ Length: > 0 } owner, { Length: > 0 } name] => $"api/v1/repositories/by-name/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(name)}",
            _ => throw CommandProblem.Usage($"\"{reference}\" names no repository. Write owner/name, or the id that `switchyard repo list --json id,fullName` shows."),
        };
        var found = await server.GetAsync(path, cancellation) as JsonObject;
        return found?["repository"] as JsonObject ?? found ?? throw CommandProblem.NotFound($"The hub has no repository {reference}.", new NextStep("List them", Command: "switchyard repo list"));
    }

    public static string IdOf(JsonObject repository) => JsonText.At(repository, "id") ?? throw new FormatException("The server named a repository without an id.");
}
