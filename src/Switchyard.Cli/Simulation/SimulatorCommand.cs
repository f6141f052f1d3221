using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Output;
using Switchyard.Cli.Serve;
using Switchyard.Simulator;

namespace Switchyard.Cli.Simulation;

internal sealed class SimulatorCommand : Command
{
    public SimulatorCommand(Shell shell)
        : base("simulator", "Run a simulated GitHub on this machine")
    {
        var port = new Option<int>("--port") { Description = "The loopback port; 0 takes a free one", HelpName = "N", DefaultValueFactory = _ => 9001 };
        var repositories = RepositoriesOption();
        var openApi = new Option<string?>("--openapi") { Description = "GitHub's OpenAPI description, to check every request and answer against", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "Where repositories are kept; default a temporary folder", HelpName = "DIR" };
        var runSpeed = new Option<int>("--run-speed") { Description = "How long a simulated workflow run takes; 0 is over at once", HelpName = "SECONDS" };
        port.Validators.Add(WholeNumber.Port);
        runSpeed.Validators.Add(WholeNumber.From(0, 86_400));
        Add(port);
        Add(repositories);
        Add(openApi);
        Add(data);
        Add(runSpeed);
        shell.Run(this, async (run, cancellation) =>
        {
            await using var simulator = await LocalSimulator.StartAsync(
                new SimulatorOptions
                {
                    Port = run.Get(port),
                    Repositories = Parse(run, run.Get(repositories)),
                    OpenApiFile = run.Get(openApi) is { } file ? run.PathOf(file) : null,
                    DataFolder = run.Get(data) is { } folder ? run.PathOf(folder) : null,
                    Time = run.Terminal.Time,
                    RunSeconds = run.Get(runSpeed),
                },
                new NextStep("Take a free port", Command: CommandAgain.Of(run.Parse, (port, "0"))),
                cancellation);
            run.Printer.Result(
                new JsonObject { ["url"] = simulator.Url.AbsoluteUri, ["apiUrl"] = simulator.ApiUrl.AbsoluteUri, ["control"] = new Uri(simulator.Url, "_simulator").AbsoluteUri },
                $"{simulator.Url}   API {simulator.ApiUrl}   control {new Uri(simulator.Url, "_simulator")}");
            await run.Terminal.Out.FlushAsync(cancellation);
            if (simulator.OpenApiSkipped is { } skipped)
            {
                run.Printer.Say(skipped);
            }

            await LocalServer.UntilToldAsync(cancellation);
            foreach (var violation in simulator.Violations)
            {
                run.Terminal.Error.WriteLine(Printable.Line(violation.ToString()));
            }

            return simulator.Violations.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
    }

    public static Option<string[]> RepositoriesOption() => new("--repository")
    {
        Description = "A repository and its source: a git repository, a bundle or a folder of files. May be repeated",
        HelpName = "owner/name=PATH",
    };

    public static IReadOnlyList<SimulatedRepository> Parse(Invocation run, string[]? texts)
    {
        try
        {
            return [.. (texts ?? []).Select(SimulatedRepository.Parse).Select(repository => repository with { Source = Existing(run, repository) })];
        }
        catch (FormatException wrong)
        {
            throw CommandProblem.Usage(wrong.Message);
        }
    }

    private static string? Existing(Invocation run, SimulatedRepository repository) =>
        repository.Source is null ? null
        : Path.Exists(run.PathOf(repository.Source)) ? run.PathOf(repository.Source)
        : throw CommandProblem.Usage($"The source of {repository.FullName} does not exist: {run.PathOf(repository.Source)}");
}
