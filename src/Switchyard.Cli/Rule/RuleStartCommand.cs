using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule;

/// <summary>Starts a rule that has a manual trigger; with <c>--wait</c> follows what it starts to the end of its Runs.</summary>
internal sealed class RuleStartCommand : Command
{
    private readonly RuleReference reference = new();
    private readonly Option<string?> repository = new("--repo") { Description = "For this repository, where the rule is started for one", HelpName = "R" };
    private readonly Option<string[]> inputs = new("--input", "-i") { Description = "An input that the rule names; may be repeated", HelpName = "NAME=VALUE" };
    private readonly Option<bool> wait = new("--wait") { Description = "Wait for the end of all that it starts; 0 when every run succeeded, 1 when not" };
    private readonly Option<string?> timeout = Durations.Option("--timeout", "How long to wait, e.g. 30s, 5m, 2h", "30m");
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be started, and start nothing" };

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
        var request = new JsonObject { ["repository"] = run.Get(repository), ["inputs"] = Inputs(run.Get(inputs)) };
        var rule = await reference.ResolveAsync(run, cancellation);
        var (id, name) = (RuleReference.IdOf(rule), Members.At(rule, "name"));
        if (run.Get(dryRun))
        {
            run.Printer.Result(new JsonObject { ["ruleId"] = id, ["rule"] = name, ["request"] = request, ["done"] = false }, $"Would start rule \"{name}\": {Members.At(rule, "starts")}.");
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

    private static JsonObject Inputs(string[]? pairs)
    {
        var inputs = new JsonObject();
        foreach (var pair in pairs ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw CommandProblem.Usage($"--input wants NAME=VALUE, not \"{pair}\".");
            }

            if (!inputs.TryAdd(pair[..at], pair[(at + 1)..]))
            {
                throw CommandProblem.Usage($"--input gives {pair[..at]} twice.");
            }
        }

        return inputs;
    }
}
