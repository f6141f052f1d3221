using System.Text;
using System.Text.RegularExpressions;

namespace Switchyard.Cli.Output;

/// <summary>What surrounds a command: its three streams, the environment, the clock. Tests make their own.</summary>
internal sealed partial class Terminal
{
    private int? width;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public bool OutIsTty { get; init; }

    public bool ErrorIsTty { get; init; }

    public bool InIsTty { get; init; }

    /// <summary>Reads a line that is not shown while it is typed; null at the end of input. Only where <see cref="InIsTty"/>.</summary>
    public Func<string?>? ReadHidden { get; init; }

    /// <summary>Columns of the screen. Asked only when needed: asking sends a terminal the sequences of an interactive program.</summary>
    public int Width
    {
        get => width ??= WidthOfScreen();
        init => width = value;
    }

    /// <summary>An environment variable; null where it is not set, or empty.</summary>
    public required Func<string, string?> Environment { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Where relative paths begin.</summary>
    public required string Folder { get; init; }

    /// <summary>How the person called this program; the wrapper that starts it says so.</summary>
    public string Program => Environment("SWITCHYARD_PROGRAM") ?? "switchyard";

    /// <summary>A command of ours, to be typed as this one was.</summary>
    public string AsCalled(string command) => OwnName().Replace(command, _ => Program);

    public static Terminal OfProcess() => new()
    {
        // A StreamWriter of our own: Console.Out flushes after each write, which costs a system call per table cell.
        Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024) { AutoFlush = Console.IsOutputRedirected == false },
        Error = Console.Error,
        // Not Console.In: taking it sends a terminal the sequences of an interactive program.
        In = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false)),
        ReadHidden = ReadHiddenLine,
        OutIsTty = !Console.IsOutputRedirected,
        ErrorIsTty = !Console.IsErrorRedirected,
        InIsTty = !Console.IsInputRedirected,
        Environment = name => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
        Time = TimeProvider.System,
        Folder = Directory.GetCurrentDirectory(),
    };

    private static string? ReadHiddenLine()
    {
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (key.KeyChar is '\u0003' or '\u0004')
            {
                return null;
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
            }
        }

        return line.ToString();
    }

    [GeneratedRegex("(?<=^|[ ;])switchyard(?= )", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OwnName();

    private static int WidthOfScreen()
    {
        try
        {
            return !Console.IsOutputRedirected && Console.WindowWidth > 20 ? Console.WindowWidth : 120;
        }
        catch (IOException)
        {
            return 120;
        }
    }
}
