using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Switchyard.Cli.About;
using Switchyard.Cli.Activity;
using Switchyard.Cli.Admin;
using Switchyard.Cli.Api;
using Switchyard.Cli.Delivery;
using Switchyard.Cli.Demo;
using Switchyard.Cli.Dispatch;
using Switchyard.Cli.Doctor;
using Switchyard.Cli.Git;
using Switchyard.Cli.Model;
using Switchyard.Cli.Output;
using Switchyard.Cli.Pending;
using Switchyard.Cli.Provider;
using Switchyard.Cli.Repo;
using Switchyard.Cli.Rule;
using Switchyard.Cli.Run;
using Switchyard.Cli.Secret;
using Switchyard.Cli.Serve;
using Switchyard.Cli.Signal;
using Switchyard.Cli.Simulation;
using Switchyard.Cli.Token;
using Switchyard.Cli.Vault;
using Switchyard.Cli.Workflow;

namespace Switchyard.Cli;

internal static class Program
{
    // @FILE is for the command to read, such as a payload; the parser would take it for more arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static RootCommand Commands(Shell shell) => new("Switchyard keeps a hub of models in step with the repositories they live in.")
    {
        new ServeCommand(shell),
        new DemoCommand(shell),
        new SimulatorCommand(shell),
        new DoctorCommand(shell),
        new TokenCommand(shell),
        new CloneCommand(shell),
        new GitCredentialCommand(shell),
        new ApiCommand(shell),
        new DispatchCommand(shell),
        new WorkflowCommand(shell),
        new RunCommand(shell),
        new SecretCommand(shell),
        new RepoCommand(shell),
        new ModelCommand(shell),
        new DeliveryCommand(shell),
        new RuleCommand(shell),
        new PendingCommand(shell),
        new SignalCommand(shell),
        new ActivityCommand(shell),
        new TraceCommand(shell),
        new ProviderCommand(shell),
        new VaultCommand(shell),
        new AdminCommand(shell),
        new VersionCommand(shell),
        new CompletionCommand(shell),
        new HelpCommand(shell),
        shell.Json,
        shell.Quiet,
        shell.NoColor,
        shell.Server,
    };

    public static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            // The first signal ends the work in order; a second one ends the process as usual.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, Terminal.OfProcess(), stop.Token);
    }

    private static IReadOnlyList<string> FieldsOf(ParseResult parse) =>
        parse.CommandResult.Parent is CommandResult noun ? Fields.Of(noun.Command.Name, parse.CommandResult.Command.Name) : [];

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation)
    {
        var shell = new Shell(terminal);
        var root = Commands(shell);
        var parse = root.Parse(JsonFields.Untangle(args, Fields.Known), Parsing);
        var printer = Invocation.PrinterOf(shell, parse);
        try
        {
            if (parse.Errors.Count > 0 && parse.Action is null or ParseErrorAction)
            {
                parse = UsageErrors.AsksForHelp(parse) ? root.Parse([.. args, "--help"], Parsing) : throw (parse.UnmatchedTokens.Count > 0 ? JsonFields.Misspelled(args, FieldsOf(parse)) : null) ?? UsageErrors.Of(parse);
            }

            return await parse.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellation);
        }
        catch (Exception error)
        {
            var problem = Problems.Explain(error, cancellation);
            printer.Problem(problem, UsageErrors.Help(parse));
            return problem.ExitCode;
        }
        finally
        {
            await terminal.Out.FlushAsync(CancellationToken.None);
            await terminal.Error.FlushAsync(CancellationToken.None);
        }
    }
}
