using System.Text.Json.Nodes;
using Switchyard.Cli;
using Switchyard.Cli.Output;

namespace Switchyard.Tests.Cli;

/// <summary>A command line run in this process, with streams, environment and clock of its own.</summary>
internal sealed class CommandRun
{
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);

    public bool OnTerminal { get; init; }

    public string Input { get; init; } = "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Folder { get; init; } = Path.GetTempPath();

    public CancellationToken Cancellation { get; init; }

    public int Width { get; init; } = 100;

    public string? this[string name]
    {
        set => environment[name] = value!;
    }

    public async Task<CommandOutcome> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(Input);
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            In = input,
            OutIsTty = OnTerminal,
            ErrorIsTty = OnTerminal,
            InIsTty = OnTerminal,
            ReadHidden = input.ReadLine,
            Width = Width,
            Environment = name => environment.GetValueOrDefault(name),
            Time = Time,
            Folder = Folder,
        };
        var code = await Program.RunAsync(arguments, terminal, Cancellation);
        return new CommandOutcome(code, output.ToString(), error.ToString());
    }

    /// <summary>Against a server, with a token for it.</summary>
    public static CommandRun Against(FakeServer server, bool onTerminal = false, string input = "", TimeProvider? time = null) =>
        new() { OnTerminal = onTerminal, Input = input, Time = time ?? TimeProvider.System, ["SWITCHYARD_URL"] = server.Url, ["SWITCHYARD_TOKEN"] = "swy_of_the_tests" };
}

internal sealed record CommandOutcome(int Code, string Out, string Error)
{
    public JsonNode OutJson => JsonNode.Parse(Out)!;

    public JsonNode ErrorJson => JsonNode.Parse(Error)!;
}
