using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Rule.Explain;

/// <summary>Why something ran, and why it did not: rule by rule, condition by condition.</summary>
internal sealed class RuleExplainCommand : Command
{
    public static readonly IReadOnlyList<Column> Columns =
    [
        new("signalId", "Signal"),
        new("kind", "Kind"),
        new("repository", "Repository"),
        new("ref", "Ref"),
        new("sha", "Commit"),
        new("occurredAt", "When"),
        new("source", "By"),
        new("deliveryId", "Delivery"),
        new("rules", "Rules"),
    ];

    private readonly Argument<string?> subject = new("subject") { Description = "A dispatch (d-12 or 12), a signal (s-12), what waits (p-12), or a commit as owner/name@sha", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<long?> dispatch = new("--dispatch") { Description = "The dispatch", HelpName = "N" };
    private readonly Option<long?> signal = new("--signal") { Description = "The signal", HelpName = "N" };
    private readonly Option<string?> rule = new("--rule") { Description = "Only what this rule made of it: its name or id", HelpName = "NAME" };
    private readonly Option<bool> all = new("--all") { Description = "A whole block also for rules that wait for something else altogether" };
    private readonly Option<string?> provider = Lists.Provider();

    public RuleExplainCommand(Shell shell)
        : base("explain", "Why a commit, signal or dispatch started something, and why not")
    {
        dispatch.Validators.Add(WholeNumber.From(1, long.MaxValue));
        signal.Validators.Add(WholeNumber.From(1, long.MaxValue));
        Add(subject);
        foreach (var option in (Option[])[dispatch, signal, rule, all, provider])
        {
            Add(option);
        }

        Validators.Add(result =>
        {
            if (new[] { result.GetResult(subject)?.Tokens.Count > 0, result.GetResult(dispatch) is not null, result.GetResult(signal) is not null }.Count(given => given) > 1)
            {
                result.AddError("Name one thing: the argument, --dispatch or --signal");
            }
        });
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var meant = run.Get(subject) is { } text ? ExplainSubject.Parse(text) ?? throw ExplainSubject.None(text)
            : run.Get(dispatch) is null && run.Get(signal) is null ? throw ExplainSubject.None(null)
            : ExplainSubject.OfNumbers(run.Get(dispatch), run.Get(signal));
        var found = meant.Pending is { } pending ? await OfPendingAsync(run, pending, cancellation) : await AskAsync(run, meant, run.Get(rule), cancellation);
        if (run.Get(rule) is { } only && found.TrueForAll(one => one["rules"] is not JsonArray { Count: > 0 }))
        {
            throw CommandProblem.NotFound($"There is no rule \"{only}\" that could have been held against it.", new NextStep("List rules", Command: "switchyard rule list"));
        }

        if (run.Printer.IsJson)
        {
            run.Printer.List(found, Columns);
            return ExitCode.Ok;
        }

        var writer = new ExplainText(run.Terminal.Program, run.Get(all) || run.Get(rule) is not null || meant.Pending is not null);
        run.Terminal.Out.Write(string.Join('\n', found.Select(writer.Of)));
        return ExitCode.Ok;
    }

    private async Task<List<JsonObject>> AskAsync(Invocation run, ExplainSubject meant, string? only, CancellationToken cancellation)
    {
        var query = ApiClient.Query(meant.Query.Concat([new("rule", only), new("provider", run.Get(provider))]));
        return [.. (await run.Server.GetAsync("api/v1/explanations" + query, cancellation) as JsonArray ?? []).OfType<JsonObject>()];
    }

    /// <summary>Its rule, held against the last Signal of each commit that went in.</summary>
    private async Task<List<JsonObject>> OfPendingAsync(Invocation run, string pending, CancellationToken cancellation)
    {
        var waits = await run.Server.GetAsync("api/v1/pendings/" + pending, cancellation);
        var signals = (waits?["sources"] as JsonArray ?? []).Select(source => Members.At(source, "signalId")).Append(Members.At(waits, "signalId")).OfType<string>().Distinct(StringComparer.Ordinal);
        var found = new List<JsonObject>();
        foreach (var id in signals)
        {
            found.AddRange(await AskAsync(run, new ExplainSubject(Signal: id), run.Get(rule) ?? Members.At(waits, "ruleId"), cancellation));
        }

        return found;
    }
}
