using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Webhooks;

namespace Switchyard.Cli.Delivery;

/// <summary>The filters of deliveries, with the names they have in the API.</summary>
internal sealed class DeliveryFilters
{
    private readonly Option<string?> state = WordOption.Create("--state", DeliveryState.All);
    private readonly Option<string?> provider = Lists.Provider();
    private readonly Option<string?> @event = new("--event") { Description = "push, installation, ...", HelpName = "EVENT" };
    private readonly Option<string?> repository = new("--repo") { Description = "owner/name", HelpName = "R" };
    private readonly Option<string?> guid = new("--guid") { Description = "GitHub's id of the delivery, or how it begins", HelpName = "GUID" };

    public void AddTo(Command command)
    {
        command.Add(state);
        command.Add(@event);
        command.Add(provider);
        command.Add(repository);
        command.Add(guid);
    }

    public IReadOnlyList<KeyValuePair<string, string?>> Of(Invocation run) =>
        [new("state", Word(run.Get(state))), new("event", run.Get(@event)), new("provider", run.Get(provider)), new("repository", run.Get(repository)), new("guid", run.Get(guid))];

    // States are words with a capital; on a command line "failed" is meant as well.
    private static string? Word(string? word) => word is { Length: > 0 } ? char.ToUpperInvariant(word[0]) + word[1..] : word;
}
