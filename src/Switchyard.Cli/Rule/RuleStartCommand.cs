using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Workflow;

namespace Switchyard.Cli.Rule;

/// <summary>Starts a rule that has a manual trigger; with <c>--wait</c> follows what it starts to the end of its Runs.</summary>
internal sealed class RuleStartCommand : Command
{
    private readonly RuleReference reference = new();
    private readonly Option<string?> repository = new("--repo") { Description = "For this repository, where the rule is started for one", HelpName = "R" };
    private readonly Option<string[]> inputs = InputOption.Create("An input that the rule names");
    private readonly Option<bool> wait = new("--wait") { Description = "Wait for the end of all that it starts; 0 when every run succeeded, 1 when not" };
    private readonly Option<string?> timeout = Durations.Option("--timeout", "How long to wait, e.g. 30s, 5m, 2h", "30m");
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Ask the server whether it would be started, and start nothing" };

    public RuleStartCommand(Shell shell)
        : base("start", "Start a rule by hand, where it has a manual trigger")
    {
        reference.AddTo(this);
        foreach (var option in (Option[])[repository, inputs, wait, timeout, dryRun])
        {
            Add(option);
        }

        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var request = new JsonObject { ["repository"] = run.Get(repository), ["inputs"] = new JsonObject(InputOption.Pairs(run.Get(inputs)).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))) };
        var rule = await reference.ResolveAsync(run, cancellation);
        var (id, name) = (RuleReference.IdOf(rule), Members.At(rule, "name"));
        if (run.Get(dryRun))
        {
            var asked = (JsonObject)request.DeepClone();
            asked["dryRun"] = true;
            await run.Server.PostAsync($"api/v1/rules/{id}/start", asked, cancellation);
            run.Printer.Result(
                new JsonObject { ["ruleId"] = id, ["rule"] = name, ["request"] = request, ["done"] = false },
                $"Would start rule \"{name}\": {string.Join("; ", (rule["starts"] as JsonArray ?? []).Select(Members.Of))}.");
            return ExitCode.Ok;
        }

        var started = await run.Server.PostAsync($"api/v1/rules/{id}/start", request, cancellation);
        var signal = Members.At(started, "signalId") ?? throw new CommandProblem(ExitCode.OtherSideFailed, "NoSignal", "The server took the request and did not say under which signal.");
        if (!run.Get(wait))
        {
            run.Printer.Result(started!, $"Rule \"{name}\" is started: signal s-{signal}.");
            run.Printer.Say($"See what comes of it:  {run.Terminal.Program} rule explain s-{signal}   (--wait waits for its end)");
            return ExitCode.Ok;
        }

        run.Printer.Say($"Rule \"{name}\" is started: signal s-{signal}.");
        var ended = await new StartedRule(run, signal, id, name ?? id).FollowAsync(Durations.Parse(run.Get(timeout)!), cancellation);
        run.Printer.Result(ended.Json, ended.Text);
        return ended.Succeeded ? ExitCode.Ok : ExitCode.Failure;
    }
}
