using System.Text;
using Switchyard.Cli.Output;

namespace Switchyard.Cli.Api;

/// <summary>A body as it came, with a line end behind it; what a terminal would act on is escaped there.</summary>
internal static class RawOutput
{
    public static void Write(Terminal terminal, byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        text = terminal.OutIsTty ? Printable.Document(text) : text;
        terminal.Out.Write(text);
        if (text.Length > 0 && text[^1] != '\n')
        {
            terminal.Out.Write('\n');
        }
    }
}
