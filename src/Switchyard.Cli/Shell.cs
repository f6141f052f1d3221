using System.CommandLine;
using Switchyard.Cli.Output;

namespace Switchyard.Cli;

/// <summary>What every command is made with: the terminal and the options that all commands share.</summary>
internal sealed class Shell(Terminal terminal)
{
    public Terminal Terminal { get; } = terminal;

    public Option<string?> Json { get; } = new(JsonFields.Option)
    {
        Description = "Print one JSON value; with FIELDS only these members",
        HelpName = "FIELDS",
        Arity = ArgumentArity.ZeroOrOne,
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "No messages and no progress, only data and errors", Recursive = true };

    public Option<bool> NoColor { get; } = new("--no-color") { Description = "No color (NO_COLOR does the same)", Recursive = true };

    public Option<string?> Server { get; } = new("--server")
    {
        Description = "The Switchyard server (SWITCHYARD_URL); default http://127.0.0.1:8080",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>Gives the command its action.</summary>
    public void Run(Command command, Func<Invocation, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parse, cancellation) =>
        {
            using var invocation = new Invocation(this, parse);
            return await action(invocation, cancellation);
        });
}
