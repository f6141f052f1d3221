using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Server.Hosting;

namespace Switchyard.Cli.Rule;

/// <summary>A rule in force as people name it: by its name, which is unique within its file only, or by its id.</summary>
internal sealed class RuleReference
{
    private const int All = 10_000;

    public Argument<string> Rule { get; } = new("rule") { Description = "Its name, or the id that `rule list` shows" };

    private readonly Option<string?> source = new("--source") { Description = "Of this file, where several have a rule of that name: owner/name, or the name of the local rules", HelpName = "S" };
    private readonly Option<string?> provider = RepositoryReference.ProviderOption("rule");

    public void AddTo(Command command)
    {
        command.Add(Rule);
        command.Add(source);
        command.Add(provider);
    }

    public Task<JsonObject> ResolveAsync(Invocation run, CancellationToken cancellation) => ResolveAsync(run, run.Get(Rule)!, cancellation);

    public async Task<JsonObject> ResolveAsync(Invocation run, string reference, CancellationToken cancellation)
    {
        if (reference.Length is > 0 and <= 18 && reference.All(char.IsAsciiDigit))
        {
            return (JsonObject)(await run.Server.GetAsync("api/v1/rules/" + reference, cancellation))!;
        }

        var found = (await run.Server.ListAsync("api/v1/rules", [new("name", reference), new("source", run.Get(source)), new("provider", run.Get(provider))], 10, cancellation)).Items;
        return found switch
        {
            [JsonObject one] => one,
            [] => throw await NoneAsync(run, reference, cancellation),
            _ => throw new CommandProblem(
                ExitCode.Conflict,
                "Ambiguous",
                $"Several rules are called \"{reference}\": {string.Join(", ", found.Select(rule => $"{Members.At(rule, "id")} of {Members.At(rule, "source")}"))}. Give one of these ids, or --source.",
                new NextStep("List rules", Command: "switchyard rule list")),
        };
    }

    public static string IdOf(JsonObject rule) => Members.At(rule, "id") ?? throw new FormatException("The server named a rule without an id.");

    private static async Task<CommandProblem> NoneAsync(Invocation run, string reference, CancellationToken cancellation)
    {
        var names = (await run.Server.ListAsync("api/v1/rules", [], All, cancellation)).Items.Select(rule => Members.At(rule, "name")).OfType<string>().ToList();
        var near = Nearest.Of(reference, names);
        return CommandProblem.NotFound(
            $"There is no rule \"{reference}\" in force.{(near is null ? names.Count == 0 ? " There is none at all yet." : "" : $" Did you mean \"{near}\"?")}",
            names.Count == 0 ? new NextStep("Write a first file of rules", Command: "switchyard rule init") : new NextStep("List rules", Command: "switchyard rule list"));
    }
}
