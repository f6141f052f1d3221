using System.CommandLine;
using Switchyard.Cli.Connection;
using Switchyard.Cli.Output;

namespace Switchyard.Cli;

/// <summary>One run of one command: what was parsed, and what it may speak to.</summary>
internal sealed class Invocation(Shell shell, ParseResult parse) : IDisposable
{
    private readonly Lazy<ApiClient> server = new(() => ApiClient.Open(shell.Terminal, parse.GetValue(shell.Server)));

    public Terminal Terminal => shell.Terminal;

    public ParseResult Parse => parse;

    public bool IsQuiet => parse.GetValue(shell.Quiet);

    public Printer Printer { get; } = PrinterOf(shell, parse);

    /// <summary>The API of the server that was named.</summary>
    public ApiClient Server => server.Value;

    /// <summary>Whether a server was named by option or environment.</summary>
    public bool NamesServer => parse.GetValue(shell.Server) is not null || Terminal.Environment("SWITCHYARD_URL") is not null;

    public static Printer PrinterOf(Shell shell, ParseResult parse) => new(
        shell.Terminal,
        JsonFields.Of(parse.GetResult(shell.Json) is null ? null : parse.GetValue(shell.Json) ?? ""),
        parse.GetValue(shell.Quiet),
        shell.Terminal.OutIsTty && !parse.GetValue(shell.NoColor) && shell.Terminal.Environment("NO_COLOR") is null);

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parse.GetValue(argument);

    /// <summary>Whether the option stands on the command line.</summary>
    public bool Has(Option option) => parse.GetResult(option) is { Implicit: false };

    public ProgressLine Progress() => new(Terminal, IsQuiet);

    /// <summary>A path as the person meant it.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, Terminal.Folder);

    public void Dispose()
    {
        if (server.IsValueCreated)
        {
            server.Value.Dispose();
        }
    }
}
