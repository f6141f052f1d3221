using System.CommandLine;
using System.Text.Json.Nodes;
using Switchyard.Cli.Demo.Samples;
using Switchyard.Cli.Output;
using Switchyard.Cli.Simulation;
using Switchyard.Simulator;

namespace Switchyard.Cli.Demo;

/// <summary>The whole product against a simulated GitHub on this machine. Nothing takes a short cut.</summary>
internal sealed class DemoCommand : Command
{
    private readonly Option<string[]> repositories = SimulatorCommand.RepositoriesOption();
    private readonly Option<int?> port = new("--port") { Description = "The server's port; default 8080, with --once a free one", HelpName = "N" };
    private readonly Option<int?> simulatorPort = new("--simulator-port") { Description = "The simulated GitHub's port; default 9001, with --once a free one", HelpName = "N" };
    private readonly Option<bool> once = new("--once") { Description = "Stop when all is synchronized, and print what is in the hub" };
    private readonly Option<string?> data = new("--data") { Description = "Keep the data here, in a new folder; otherwise it is deleted at the end", HelpName = "DIR" };
    private readonly Option<bool> untilClosed = new("--until-closed") { Description = "End when standard input closes", Hidden = true };
    private readonly Option<string?> timeout = Durations.Option("--timeout", "How long to wait at most until all is synchronized", "30m");

    public DemoCommand(Shell shell)
        : base("demo", "Try it without GitHub: a simulated one with repositories, the real server, the whole way of an event")
    {
        port.Validators.Add(WholeNumber.Port);
        simulatorPort.Validators.Add(WholeNumber.Port);
        Add(repositories);
        Add(port);
        Add(simulatorPort);
        Add(once);
        Add(data);
        Add(timeout);
        Add(untilClosed);
        shell.Run(this, RunAsync);
    }

    private async Task<int> RunAsync(Invocation run, CancellationToken stopped)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var cancellation = closed.Token;
        if (run.Get(untilClosed))
        {
            // On a thread of its own: reading the console blocks.
            _ = Task.Run(
                () =>
                {
                    run.Terminal.In.ReadToEnd();
                    closed.Cancel();
                },
                CancellationToken.None);
        }

        var limit = Durations.Parse(run.Get(timeout)!);
        var began = run.Terminal.Time.GetTimestamp();
        var plan = await PlanAsync(run, cancellation);
        // Both at once: where one port is taken by another demo, the other one is as well.
        var elsewhere = new NextStep("Take free ports", Command: CommandAgain.Of(run.Parse, (port, "0"), (simulatorPort, "0")));
        await using var world = await DemoWorld.StartAsync(plan, elsewhere, run.Terminal.Time, cancellation);
        run.Printer.Say($"GitHub (simulated) at {world.GitHub.Url}, Switchyard at {world.Address}");
        var steps = new DemoSteps(run, world, [.. plan.Repositories.Select(repository => repository.FullName)]);
        await steps.RegisterAndInstallAsync(cancellation);
        var synced = await steps.UntilSyncedAsync(limit, cancellation);
        var trace = synced && plan.ShowsSwitch ? await new DemoSwitch(run, world).RunAsync(limit, cancellation) : null;
        var summary = await DemoSummary.ReadAsync(world.Api, run.Terminal.Time.GetElapsedTime(began).TotalSeconds, cancellation);
        if (trace is not null)
        {
            summary["switch"] = trace;
        }

        if (run.Get(once))
        {
            run.Printer.Result(summary, DemoSummary.Text(summary));
            return !synced ? throw NotSynced(summary, limit)
                : trace is null || Members.At(trace, "conclusion") == "success" ? ExitCode.Ok
                : throw new CommandProblem(ExitCode.TimedOut, "NotSwitched", $"The push to {SwitchSamples.Source} did not run the tests of {SwitchSamples.Target} within {Durations.Show(limit)}.");
        }

        if (!synced)
        {
            run.Printer.Say(NotSynced(summary, limit).Message);
        }

        var panel = new Uri(world.Address, Members.At((await world.Api.PostAsync("api/v1/sign-in-links", new JsonObject(), cancellation))!, "path")!);
        Greet(run, world, plan, summary, panel);
        await run.Terminal.Out.FlushAsync(cancellation);
        await world.UntilStoppedAsync(cancellation);
        return ExitCode.Ok;
    }

    private async Task<DemoPlan> PlanAsync(Invocation run, CancellationToken cancellation)
    {
        var given = SimulatorCommand.Parse(run, run.Get(repositories));
        var named = run.Get(data) is { } folder ? DemoPlan.RequireEmpty(run.PathOf(folder)) : null;
        var temporary = Directory.CreateTempSubdirectory("switchyard-demo-").FullName;
        if (given.Count == 0)
        {
            var samples = new List<SimulatedRepository>();
            foreach (var sample in SampleRepositories.All)
            {
                samples.Add(new SimulatedRepository(sample.FullName, await SampleWriter.WriteAsync(temporary, sample, cancellation)));
            }

            given = samples;
        }

        var own = run.Get(repositories) is not { Length: > 0 };
        return new DemoPlan(
            given, own, temporary, named ?? Path.Combine(temporary, "data"), run.Get(port) ?? (run.Get(once) ? 0 : 8080), run.Get(simulatorPort) ?? (run.Get(once) ? 0 : 9001));
    }

    private static CommandProblem NotSynced(JsonObject summary, TimeSpan limit)
    {
        var behind = summary["repositories"]!.AsArray().Where(item => Members.At(item, "status") != "Synced").Select(item => Members.At(item, "fullName"));
        return new CommandProblem(ExitCode.TimedOut, "NotSynchronized", $"Not everything was synchronized within {Durations.Show(limit)}: {string.Join(", ", behind)}.");
    }

    private static void Greet(Invocation run, DemoWorld world, DemoPlan plan, JsonObject summary, Uri panel)
    {
        var first = plan.Repositories[0].FullName;
        var clone = new UriBuilder(new Uri(world.GitHub.Url, first + ".git")) { UserName = "developer" }.Uri;
        run.Printer.Result(
            new JsonObject
            {
                ["url"] = world.Address.AbsoluteUri,
                ["panel"] = panel.AbsoluteUri,
                ["gitHub"] = world.GitHub.Url.AbsoluteUri,
                ["token"] = world.Token,
                ["summary"] = summary,
            },
            $"""
            {DemoSummary.Text(summary)}
            Panel               {panel}   (signs you in, once)
            API                 {world.Address}api/v1/repositories   (described at {world.Address}openapi/v1.json)
            GitHub (simulated)  {world.GitHub.Url}

            In another terminal:
              export SWITCHYARD_URL={world.Address.AbsoluteUri.TrimEnd('/')} SWITCHYARD_TOKEN={world.Token}
              {run.Terminal.Program} repo list
              {run.Terminal.Program} model search order

            Push a change and see it arrive (the password is "developer"):
              git clone {clone}
              (edit a model in it)
              git -C {first.Split('/')[1]} commit -a -m "A change"
              git -C {first.Split('/')[1]} push
              {run.Terminal.Program} delivery list

            See why something ran, and why not:
              {run.Terminal.Program} rule list
              {run.Terminal.Program} dispatch list
              {run.Terminal.Program} rule explain --dispatch 1

            Drive the simulated GitHub: finish checks, fail runs, lose deliveries (what each call takes is in the answer):
              curl -s {new Uri(world.GitHub.Url, "_simulator")}

            Ctrl+C ends it.
            """);
    }
}
