using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Switchyard.Cli.Output;

/// <summary>
/// Standard output is data: a table on a terminal, tab-separated lines elsewhere, one JSON value with <c>--json</c>.
/// Everything said besides goes to standard error.
/// </summary>
internal sealed class Printer(Terminal terminal, JsonFields? json, bool quiet, bool color)
{
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    public bool IsJson => json is not null;

    public bool IsQuiet => quiet;

    /// <summary>A list. With <c>--json</c> an array of the items, whole or with the fields asked for.</summary>
    public void List(IReadOnlyList<JsonNode> items, IReadOnlyList<Column> columns)
    {
        if (json is not null)
        {
            Write(new JsonArray([.. items.Select(item => json.Select(item))]));
            return;
        }

        if (terminal.OutIsTty)
        {
            Table(items, columns);
            return;
        }

        foreach (var item in items)
        {
            terminal.Out.Write(string.Join('\t', columns.Select(column => column.Text(item))) + '\n');
        }
    }

    /// <summary>One thing: a line for each column that has a text.</summary>
    public void View(JsonNode item, IReadOnlyList<Column> columns)
    {
        if (json is not null)
        {
            Write(json.Select(item));
            return;
        }

        var lines = columns.Select(column => (column, text: column.Text(item))).Where(line => line.text.Length > 0).ToList();
        if (!terminal.OutIsTty)
        {
            foreach (var (column, text) in lines)
            {
                terminal.Out.Write($"{column.Title}\t{text}\n");
            }

            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (column, text) in lines)
        {
            grid.AddRow(new Markup("[bold]" + Markup.Escape(column.Title) + "[/]"), Cell(column, text));
        }

        Console().Write(grid);
    }

    /// <summary>A result that is neither a list nor a resource: its text, or with <c>--json</c> the value.</summary>
    public void Result(JsonNode value, string text)
    {
        if (json is not null)
        {
            Write(json.Select(value));
            return;
        }

        // Elsewhere it is data: a path must be the path.
        text = terminal.OutIsTty ? Printable.Document(text) : text;
        terminal.Out.Write(text.EndsWith('\n') ? text : text + "\n");
    }

    /// <summary>JSON as it is, whatever was asked for.</summary>
    public void Write(JsonNode? value) => terminal.Out.Write((value?.ToJsonString(Indented) ?? "null") + "\n");

    /// <summary>Says something beside the data. With <c>--quiet</c> nothing.</summary>
    public void Say(string message)
    {
        if (!quiet)
        {
            terminal.Error.WriteLine(Printable.Lines(message));
        }
    }

    public void Problem(CommandProblem problem, NextStep help)
    {
        if (json is not null)
        {
            terminal.Error.WriteLine(problem.ToJson().ToJsonString(Indented));
            return;
        }

        terminal.Error.WriteLine("switchyard: " + Printable.Lines(problem.Message));
        // Who was asked knows nothing better than how the command is used.
        foreach (var step in problem is { Next.Count: 0, Code: Server.Hosting.Problems.Problem.InvalidParameter or "Invalid" } ? [help] : problem.Next)
        {
            terminal.Error.WriteLine(Printable.Line(HowTo(step) is { } how ? $"  {step.Label}: {how}" : $"  {step.Label}."));
        }
    }

    // What is only in the API has no address that one could open, but a command that reads it.
    private string? HowTo(NextStep step) =>
        (step.Command ?? (step.Href?.StartsWith('/') == true ? "switchyard api GET " + step.Href : null)) is { } command ? terminal.AsCalled(command) : step.Href;

    private void Table(IReadOnlyList<JsonNode> items, IReadOnlyList<Column> columns)
    {
        if (items.Count == 0)
        {
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Markup("[bold]" + Markup.Escape(column.Title) + "[/]")) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var item in items)
        {
            table.AddRow(columns.Select(column => Cell(column, column.Text(item))));
        }

        Console().Write(table);
    }

    private static Markup Cell(Column column, string text)
    {
        if (!column.IsState || text.Length == 0)
        {
            return new Markup(Markup.Escape(text));
        }

        var (icon, hue) = StateStyle.Of(text);
        return new Markup($"[{hue}]{icon} {Markup.Escape(text)}[/]");
    }

    private IAnsiConsole Console()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Out),
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = terminal.Width;
        return console;
    }
}
