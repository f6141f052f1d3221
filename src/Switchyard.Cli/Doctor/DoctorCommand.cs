using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;

namespace Switchyard.Cli.Doctor;

/// <summary>Looks at this machine, at GitHub as far as there are credentials, and at the server when there is one.</summary>
internal sealed class DoctorCommand : Command
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        Column.State("state", "State"),
        new("check", "Check"),
        Column.Of("detail", "Found", item => Members.At(item, "fix") is { } fix ? $"{Members.At(item, "detail")} Fix: {fix}" : Members.At(item, "detail")),
    ];

    private readonly Option<string?> data = LocalServer.DataOption();
    private readonly Option<string?> rule = new("--rule") { Description = "Only what this rule of the server needs on GitHub: its name or id", HelpName = "NAME" };
    private readonly GitHubOptions github = new();

    public DoctorCommand(Shell shell)
        : base("doctor", "Check this machine, the credentials, the server and what its rules need on GitHub; a fix under each failure")
    {
        Add(data);
        Add(rule);
        github.AddTo(this);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken cancellation)
    {
        var findings = run.Get(rule) is { } only ? [.. await RuleChecks.RunAsync(run, only, cancellation)] : await AllAsync(run, cancellation);
        Show(run, findings);
        return findings.Any(finding => finding.State == "failed") ? ExitCode.Findings : ExitCode.Ok;
    }

    private async Task<List<Finding>> AllAsync(Invocation run, CancellationToken cancellation) =>
    [
        await LocalChecks.GitAsync(run.Terminal, cancellation),
        .. await LocalChecks.DataAsync(run, run.Get(data), cancellation),
        .. await GitHubChecks.RunAsync(run, github, cancellation),
        .. await ServerChecks.RunAsync(run, cancellation),
    ];

    private static void Show(Invocation run, List<Finding> findings)
    {
        if (run.Printer.IsJson || !run.Terminal.OutIsTty)
        {
            run.Printer.List([.. findings.Select(ToJson)], Columns);
            return;
        }

        run.Printer.List([.. findings.Select(finding => ToJson(finding with { Fix = null }))], Columns);
        foreach (var finding in findings.Where(finding => finding.Fix is not null))
        {
            run.Terminal.Out.Write(Printable.Line(run.Terminal.AsCalled($"{finding.Check}: {finding.Fix}")) + "\n");
        }
    }

    private static JsonObject ToJson(Finding finding) =>
        new() { ["check"] = finding.Check, ["state"] = finding.State, ["detail"] = finding.Detail, ["fix"] = finding.Fix };
}
