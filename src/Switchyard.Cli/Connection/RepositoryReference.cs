using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Connection;

/// <summary>A repository of the hub as people name it: <c>owner/name</c>, or its id; <c>--provider</c> where several providers have the name.</summary>
internal sealed class RepositoryReference
{
    public Argument<string> Repository { get; } = new("repository") { Description = "owner/name, or the id of the repository" };

    public Option<string?> Provider { get; } = ProviderOption("repository");

    public static Option<string?> ProviderOption(string what) =>
        new("--provider") { Description = $"Whose {what}, where several providers have one of that name: slug or id", HelpName = "P" };

    public void AddTo(Command command)
    {
        command.Add(Repository);
        command.Add(Provider);
    }

    public async Task<JsonObject> ResolveAsync(Invocation run, CancellationToken cancellation)
    {
        var reference = run.Get(Repository)!;
        var path = reference.Split('/') switch
        {
            [{ Length: > 0 } id] when id.All(char.IsAsciiDigit) => "api/v1/repositories/" + id,
            [{ Length: > 0 } owner, { Length: > 0 } name] =>
                $"api/v1/repositories/by-name/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(name)}{ApiClient.Query([new("provider", run.Get(Provider))])}",
            _ => throw CommandProblem.Usage(
                $"\"{reference}\" names no repository. Write owner/name, or its id.", new NextStep("Names and ids", Command: "switchyard repo list --json id,fullName,provider")),
        };
        var found = await run.Server.GetAsync(path, cancellation) as JsonObject;
        return found?["repository"] as JsonObject ?? found ?? throw CommandProblem.NotFound($"The hub has no repository {reference}.", new NextStep("List them", Command: "switchyard repo list"));
    }

    public static string IdOf(JsonObject repository) => Members.At(repository, "id") ?? throw new FormatException("The server named a repository without an id.");
}
